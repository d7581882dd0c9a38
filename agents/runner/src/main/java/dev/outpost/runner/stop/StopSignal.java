package dev.outpost.runner.stop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tells every part of a run that it is to end. Raised once, never lowered. Thread-safe. */
public final class StopSignal {
  private final CompletableFuture<Void> raised = new CompletableFuture<>();
  private Optional<Reason> reason = Optional.empty();

  /** Why a run is to end before its time; a later constant knows better than an earlier one. */
  public enum Reason {
    /** This process got SIGTERM; who wanted it is not known yet. */
    TERMINATED,
    /** The dispatch's budget is used up, says the model gateway. */
    BUDGET,
    /** The dispatch's time is up, says the control plane. */
    TIMEOUT,
    /** Its owner cancelled it, says the control plane. */
    CANCELLED,
    /** The dispatch is no longer this runner's: nothing of the run may be seen any more. */
    LOST
  }

  /** Raises the signal, or lets a reason that knows better take the place of the known one. */
  public void raise(Reason because) {
    synchronized (this) {
      if (reason.isEmpty() || knowsBetter(because, reason.get())) {
        reason = Optional.of(because);
      }
    }
    raised.complete(null);
  }

  private static boolean knowsBetter(Reason because, Reason known) {
    return because == Reason.LOST || known == Reason.TERMINATED;
  }

  /** Why the run is to end, if it is. */
  public synchronized Optional<Reason> reason() {
    return reason;
  }

  /** Whether the run is to end. */
  public boolean isRaised() {
    return raised.isDone();
  }

  /** Completes when the signal is raised, never with an error. */
  public CompletableFuture<Void> raised() {
    return raised.copy();
  }

  /** Waits for the signal, at most that long; answers whether it is raised. */
  public boolean await(Duration atMost) {
    try {
      raised.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a stop signal never fails", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return isRaised();
    }
  }
}
