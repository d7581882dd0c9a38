package dev.outpost.claim;

import dev.outpost.InstallationKey;
import dev.outpost.dispatch.DispatchId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The words by which a runner proves itself. They follow from a key of the installation, so they
 * need not be stored anywhere, and a repeated RunTask is byte-identical. Safe for use by many
 * threads.
 */
public final class RunTokens {
  private final InstallationKey key;

  /** Tokens under that key. */
  public RunTokens(InstallationKey key) {
    this.key = Objects.requireNonNull(key, "key");
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
    return HexFormat.of().formatHex(key.derive(purpose, id.value(), attempt));
  }
}
