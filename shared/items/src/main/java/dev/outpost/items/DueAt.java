package dev.outpost.items;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The {@link Tables#DUE_AT} of what is due: an instant in whole seconds as text, which sorts as
 * instants do.
 *
 * <p>Of a dispatch it is never later than {@link Dispatch#dueAt}, and may be up to {@link #STEP}
 * earlier. For to move an entry of the index costs two write units, as much as twenty reads of a
 * dispatch: so it does not move with each state and each report, but in steps, and whoever finds an
 * entry reads the dispatch to know.
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
    Instant due = dispatch.dueAt();
    return Optional.of(of(dispatch.state().launched().map(l -> inSteps(l.at(), due)).orElse(due)));
  }

  /** The first step is taken where no state that a launch can lead to is due before. */
  private static Instant inSteps(Instant launched, Instant due) {
    Instant first = launched.plus(Dispatch.STOP_LATENCY);
    return due.isBefore(first)
        ? due
        : first.plus(STEP.multipliedBy(Duration.between(first, due).dividedBy(STEP)));
  }
}
