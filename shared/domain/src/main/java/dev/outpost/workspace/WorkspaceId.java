package dev.outpost.workspace;

import dev.outpost.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A persistent workspace's id: {@code wsp_} and 32 hex digits that follow from the tenant, the
 * repository and the name. So nobody has to look it up, and another tenant's workspace of the same
 * repository and name has another id.
 */
public record WorkspaceId(String value) implements Comparable<WorkspaceId> {
  private static final String MARK = "wsp_";

  /** Half a SHA-256: still far more than could meet by chance. */
  private static final int DIGITS = 32;

  private static final Pattern FORM = Pattern.compile(MARK + "[0-9a-f]{" + DIGITS + "}");

  /** Refuses null. */
  public WorkspaceId {
    Objects.requireNonNull(value, "value");
  }

  /**
   * The id of a tenant's workspace.
   *
   * @param repository the repository's address as git is given it
   * @param name the workspace's name
   */
  public static WorkspaceId of(TenantId tenantId, String repository, String name) {
    // None of the three has a line break in it, so no two triples read alike.
    String text = String.join("\n", tenantId.value(), repository, name);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new WorkspaceId(MARK + HexFormat.of().formatHex(digest).substring(0, DIGITS));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether a text may be an id, as the name of an attribute among others may be. */
  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<WorkspaceId> parse(String text) {
    return isId(text) ? Optional.of(new WorkspaceId(text)) : Optional.empty();
  }

  @Override
  public int compareTo(WorkspaceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
