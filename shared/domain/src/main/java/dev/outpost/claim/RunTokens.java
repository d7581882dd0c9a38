package dev.outpost.claim;

import dev.outpost.dispatch.DispatchId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The words by which a runner proves itself, derived from a key of the installation: they need not
 * be stored anywhere, and a repeated RunTask is byte-identical. Safe for use by many threads.
 *
 * <p>HMAC-SHA256 (RFC 2104) over purpose, dispatch and attempt.
 */
public final class RunTokens {
  /** Least length of the key in bytes: that of the hash's output (RFC 2104, section 3). */
  public static final int MIN_KEY_BYTES = 32;

  private final SecretKeySpec key;

  /**
   * Tokens under that key.
   *
   * @throws IllegalArgumentException when the key is shorter than {@value #MIN_KEY_BYTES} bytes
   */
  public RunTokens(byte[] key) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key of run tokens must have at least " + MIN_KEY_BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, "HmacSHA256");
  }

  /** The one-time word in a task's environment. */
  public String claimToken(DispatchId id, int attempt) {
    return derive("claim", id, attempt);
  }

  /** The word that the job carries for its reports. */
  public String reportToken(DispatchId id, int attempt) {
    return derive("report", id, attempt);
  }

  /** Whether that is the claim token; takes the same time for every wrong one. */
  public boolean isClaimToken(String token, DispatchId id, int attempt) {
    return same(token, claimToken(id, attempt));
  }

  /** Whether that is the report token; takes the same time for every wrong one. */
  public boolean isReportToken(String token, DispatchId id, int attempt) {
    return same(token, reportToken(id, attempt));
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private String derive(String purpose, DispatchId id, int attempt) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String text = purpose + "|" + id.value() + "|" + attempt;
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
