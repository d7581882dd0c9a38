package dev.outpost.dispatch;

import java.util.Objects;
import java.util.Optional;

/**
 * One write of a dispatch's record, as the table's stream tells it: at least once, and in order for
 * one dispatch.
 *
 * @param before as it was; empty when it was accepted by this write
 * @param after as it is
 */
public record StateChange(Optional<Dispatch> before, Dispatch after) {
  /** Refuses nulls. */
  public StateChange {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }
}
