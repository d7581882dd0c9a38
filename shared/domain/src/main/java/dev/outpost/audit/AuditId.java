package dev.outpost.audit;

import dev.outpost.Ulids;
import java.util.Objects;
import java.util.Optional;

/** A record's id: {@code aud_} and a ULID, so that a tenant's records sort by their time. */
public record AuditId(String value) {
  private static final String MARK = "aud_";

  /** Refuses null. */
  public AuditId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. */
  public static AuditId next(Ulids ulids) {
    return new AuditId(MARK + ulids.next());
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<AuditId> parse(String text) {
    return text.startsWith(MARK) && Ulids.isUlid(text.substring(MARK.length()))
        ? Optional.of(new AuditId(text))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
