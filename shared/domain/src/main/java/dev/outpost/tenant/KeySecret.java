package dev.outpost.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An API key as its holder has it: {@code otp_} and 64 lower-case hex characters. Shown once, never
 * stored, never printed.
 */
public final class KeySecret {
  private static final String MARK = "otp_";
  private static final int RANDOM_BYTES = 32;
  private static final int PREFIX_LENGTH = 12;

  private final String text;

  private KeySecret(String text) {
    this.text = text;
  }

  /** A new key of 256 random bits. */
  public static KeySecret random(RandomGenerator secureRandom) {
    byte[] bytes = new byte[RANDOM_BYTES];
    secureRandom.nextBytes(bytes);
    return new KeySecret(MARK + HexFormat.of().formatHex(bytes));
  }

  /** The key that the text spells, or empty when it has not a key's form. */
  public static Optional<KeySecret> parse(String text) {
    Objects.requireNonNull(text, "text");
    if (text.length() != MARK.length() + 2 * RANDOM_BYTES || !text.startsWith(MARK)) {
      return Optional.empty();
    }
    for (int i = MARK.length(); i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return Optional.empty();
      }
    }
    return Optional.of(new KeySecret(text));
  }

  /** The key itself, for its one showing. */
  public String reveal() {
    return text;
  }

  /** The first 12 characters, by which people tell keys apart. */
  public String prefix() {
    return text.substring(0, PREFIX_LENGTH);
  }

  /** The SHA-256 of the key, under which it is stored. */
  public KeyHash hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new KeyHash(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The prefix only. */
  @Override
  public String toString() {
    return prefix() + "…";
  }
}
