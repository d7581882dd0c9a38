package dev.outpost.dispatch;

import dev.outpost.Ulids;
import java.util.Objects;
import java.util.Optional;

/** The id of dispatches that were asked for as one: {@code grp_} and a ULID. */
public record GroupId(String value) {
  private static final String MARK = "grp_";

  /** Refuses null. */
  public GroupId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. */
  public static GroupId next(Ulids ulids) {
    return new GroupId(MARK + ulids.next());
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<GroupId> parse(String text) {
    return text.startsWith(MARK) && Ulids.isUlid(text.substring(MARK.length()))
        ? Optional.of(new GroupId(text))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
