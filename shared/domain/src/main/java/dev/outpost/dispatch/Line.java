package dev.outpost.dispatch;

import java.util.List;
import java.util.Objects;

/**
 * A tenant's dispatches before and behind the counter.
 *
 * @param held what those have that were launched, exactly
 * @param waiting those whose turn it is ({@link Held#turns}), oldest first; may lag behind by a
 *     moment
 */
public record Line(Held held, List<Waiting> waiting) {
  /** Copies the list. */
  public Line {
    Objects.requireNonNull(held, "held");
    waiting = List.copyOf(waiting);
  }

  /** How many wait that are older than that one. */
  public long before(DispatchId id) {
    return waiting.stream().filter(other -> other.id().compareTo(id) < 0).count();
  }

  /** Whether an older one waits for the same workspace, which is free. */
  public boolean isBehind(Waiting one) {
    return one.workspace().isPresent()
        && waiting.stream()
            .anyMatch(
                other ->
                    other.workspace().equals(one.workspace())
                        && other.id().compareTo(one.id()) < 0);
  }
}
