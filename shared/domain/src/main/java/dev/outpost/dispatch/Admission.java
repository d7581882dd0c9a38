package dev.outpost.dispatch;

import java.time.Instant;
import java.util.Objects;

/** What became of a request for a dispatch. */
public sealed interface Admission {
  /**
   * It is stored and counted; it will become terminal in bounded time.
   *
   * @param dispatch the new dispatch
   */
  record Accepted(Dispatch dispatch) implements Admission {
    /** Refuses null. */
    public Accepted {
      Objects.requireNonNull(dispatch, "dispatch");
    }
  }

  /**
   * The same request had been accepted before under its idempotency key; nothing was counted.
   *
   * @param dispatch the dispatch of that time, as it is now
   */
  record Replayed(Dispatch dispatch) implements Admission {
    /** Refuses null. */
    public Replayed {
      Objects.requireNonNull(dispatch, "dispatch");
    }
  }

  /** Another request had been accepted under that idempotency key; nothing was stored. */
  record KeyReused() implements Admission {}

  /**
   * The tenant's day is used up; nothing was stored.
   *
   * @param limit dispatches a day
   * @param resetsAt the next day's begin
   */
  record DayUsedUp(int limit, Instant resetsAt) implements Admission {
    /** Refuses null. */
    public DayUsedUp {
      Objects.requireNonNull(resetsAt, "resetsAt");
    }
  }
}
