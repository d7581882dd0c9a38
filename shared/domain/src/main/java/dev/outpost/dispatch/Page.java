package dev.outpost.dispatch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a listing, newest first.
 *
 * @param dispatches the dispatches; may be fewer than asked for although there are more
 * @param next where the next part begins: after this id; empty at the end
 */
public record Page(List<Dispatch> dispatches, Optional<DispatchId> next) {
  /** Copies the list. */
  public Page {
    dispatches = List.copyOf(dispatches);
    Objects.requireNonNull(next, "next");
  }
}
