package dev.outpost.dispatch;

import java.util.List;
import java.util.Set;

/**
 * A tenant's dispatches before and behind the counter.
 *
 * @param held those that hold a slot, exactly
 * @param waiting those that may be launched now, oldest first; may lag behind by a moment
 */
public record Line(Set<DispatchId> held, List<DispatchId> waiting) {
  /** Copies them. */
  public Line {
    held = Set.copyOf(held);
    waiting = List.copyOf(waiting);
  }

  /** How many wait that are older than that one. */
  public long before(DispatchId id) {
    return waiting.stream().filter(other -> other.compareTo(id) < 0).count();
  }
}
