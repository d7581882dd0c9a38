package dev.outpost.tenant;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A tenant's id: a UUID. */
public record TenantId(String value) {
  /** The installation itself, as the tenant that owns the operator keys. */
  public static final TenantId INSTALLATION = new TenantId("00000000-0000-0000-0000-000000000000");

  /** Refuses null. */
  public TenantId {
    Objects.requireNonNull(value, "value");
  }

  /** A new random id. */
  public static TenantId random() {
    return new TenantId(UUID.randomUUID().toString());
  }

  /** The id that the text spells, or empty when it is no UUID in its usual form. */
  public static Optional<TenantId> parse(String text) {
    try {
      String canonical = UUID.fromString(text).toString();
      return canonical.equalsIgnoreCase(text)
          ? Optional.of(new TenantId(canonical))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
