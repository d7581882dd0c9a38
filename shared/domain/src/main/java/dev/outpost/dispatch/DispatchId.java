package dev.outpost.dispatch;

import dev.outpost.Ulids;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A dispatch's id: {@code dsp_} and a ULID, so that ids sort by the time of their acceptance. */
public record DispatchId(String value) implements Comparable<DispatchId> {
  private static final String MARK = "dsp_";

  /** Refuses null. */
  public DispatchId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. */
  public static DispatchId next(Ulids ulids) {
    return new DispatchId(MARK + ulids.next());
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<DispatchId> parse(String text) {
    return text.startsWith(MARK) && Ulids.isUlid(text.substring(MARK.length()))
        ? Optional.of(new DispatchId(text))
        : Optional.empty();
  }

  /** The one id of what follows at that instant on a dispatch: whoever asks gets the same. */
  static DispatchId following(DispatchId parent, Instant instant) {
    return new DispatchId(MARK + Ulids.derived(instant, parent.value()));
  }

  /** The smallest id of that instant: a bound for a search by time. */
  public static DispatchId floor(Instant instant) {
    return new DispatchId(MARK + Ulids.floor(instant));
  }

  @Override
  public int compareTo(DispatchId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
