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

  /** Whether it is the dispatch's end. */
  public boolean isEnd() {
    return after.state().isTerminal()
        && before.map(then -> !then.state().isTerminal()).orElse(true);
  }

  /** Whether its dispatch has another status by it. */
  public boolean isOfStatus() {
    return before.map(then -> then.status() != after.status()).orElse(true);
  }
}
