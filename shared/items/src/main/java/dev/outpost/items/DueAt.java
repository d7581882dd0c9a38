package dev.outpost.items;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The {@link Tables#DUE_AT} of what is due: an instant in whole seconds as text, which sorts as
 * instants do.
 *
 * <p>Of a dispatch it is never later than {@link Dispatch#dueAt}, and may be some {@link #STEP}
 * earlier. For to move an entry of the index costs two write units, as much as twenty reads of a
 * dispatch: so it does not move with each state and each report, but in steps (and back, when a
 * long run has ended and its task is to be looked after soon), and whoever finds an entry reads the
 * dispatch to know.
 */
public final class DueAt {
  /**
   * How far an entry moves at once. One that is early costs half a read unit in each of the
   * reconciler's rounds, one a minute; after twenty of them a move would have been as cheap.
   */
  public static final Duration STEP = Duration.ofMinutes(20);

  private DueAt() {}

  /** All that is due at that instant has this one or a lesser. */
  public static String of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Of a dispatch that was launched or has ended; one that waits is in another index. */
  static Optional<String> of(Dispatch dispatch) {
    if (dispatch.state() instanceof DispatchState.Pending) {
      return Optional.empty();
    }
    Optional<Instant> launched = dispatch.state().launched().map(Launch::at);
    return Optional.of(of(launched.map(at -> inSteps(at, dispatch)).orElseGet(dispatch::dueAt)));
  }

  /** The first step is taken where no state that a launch can lead to is due before. */
  private static Instant inSteps(Instant launched, Dispatch dispatch) {
    Instant first = launched.plus(Dispatch.STOP_LATENCY);
    Instant due =
        dispatch.state() instanceof DispatchState.Ended ended
            // As long as its task was still to stop, lest the end move it once more.
            ? ended.at().plus(Dispatch.STOP_LATENCY)
            : dispatch.dueAt();
    return due.isBefore(first)
        ? due
        : first.plus(STEP.multipliedBy(Duration.between(first, due).dividedBy(STEP)));
  }
}
