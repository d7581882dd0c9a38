package dev.outpost;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of the installation from which words follow that need not be stored anywhere: whoever has
 * the key derives the same word again. Safe for use by many threads.
 *
 * <p>HMAC-SHA256 (RFC 2104) over a purpose and what the word is for.
 */
public final class InstallationKey {
  /** Least length of the key in bytes: that of the hash's output (RFC 2104, section 3). */
  public static final int MIN_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /**
   * That key.
   *
   * @throws IllegalArgumentException when it is shorter than {@value #MIN_BYTES} bytes
   */
  public InstallationKey(byte[] key) {
    if (key.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "a key of the installation must have at least " + MIN_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /**
   * The 32 bytes that follow.
   *
   * @param purpose what kind of word it is; no two kinds may have the same
   * @param id what it is for
   * @param number which one of that, e.g. of which attempt
   */
  public byte[] derive(String purpose, String id, int number) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      String text = purpose + "|" + id + "|" + number;
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
