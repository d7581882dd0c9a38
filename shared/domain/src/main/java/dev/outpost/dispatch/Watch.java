package dev.outpost.dispatch;

import dev.outpost.tenant.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Reads a dispatch, or waits until its status changes. Safe for use by many threads. */
public final class Watch {
  /** How often a waiting reader looks; half a read unit each. */
  public static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final Dispatches dispatches;
  private final Pause pause;

  /** The use case on that port. */
  public Watch(Dispatches dispatches, Pause pause) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.pause = Objects.requireNonNull(pause, "pause");
  }

  /** The dispatch of that id, or empty when the principal's tenant has none. */
  public Optional<Dispatch> find(Principal principal, DispatchId id) {
    // Another tenant's dispatch must answer exactly like an unknown one.
    return dispatches.find(id).filter(d -> d.tenantId().equals(principal.tenantId()));
  }

  /**
   * The dispatch as soon as its status is another than now, or as it is when the time is up. One
   * that has ended is answered at once.
   *
   * @param atMost how long to wait
   */
  public Optional<Dispatch> await(Principal principal, DispatchId id, Duration atMost) {
    Optional<Dispatch> first = find(principal, id);
    Optional<Dispatch> now = first;
    Duration left = atMost;
    while (now.isPresent()
        && now.get().status() == first.get().status()
        && !now.get().state().isTerminal()
        && left.isPositive()) {
      Duration step = left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY;
      pause.of(step);
      left = left.minus(step);
      now = find(principal, id);
    }
    return now;
  }

  /** Lets time pass: a sleep in production, a step of the clock in a simulation. */
  @FunctionalInterface
  public interface Pause {
    /** Returns after that time, or sooner when the thread is interrupted. */
    void of(Duration time);
  }
}
