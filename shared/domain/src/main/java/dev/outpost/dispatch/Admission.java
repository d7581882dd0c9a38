package dev.outpost.dispatch;

import dev.outpost.workspace.Booking;
import java.time.Instant;
import java.util.Objects;

/** What became of a request for dispatches. */
public sealed interface Admission {
  /**
   * They are stored and counted; each will become terminal in bounded time.
   *
   * @param intake the new dispatches
   */
  record Accepted(Intake intake) implements Admission {
    /** Refuses null. */
    public Accepted {
      Objects.requireNonNull(intake, "intake");
    }

    /** That one dispatch was accepted. */
    public Accepted(Dispatch dispatch) {
      this(Intake.of(dispatch));
    }
  }

  /**
   * The same request had been accepted before under its idempotency key; nothing was counted.
   *
   * @param intake the dispatches of that time, as they are now
   */
  record Replayed(Intake intake) implements Admission {
    /** Refuses null. */
    public Replayed {
      Objects.requireNonNull(intake, "intake");
    }

    /** That one dispatch had been accepted. */
    public Replayed(Dispatch dispatch) {
      this(Intake.of(dispatch));
    }
  }

  /** Another request had been accepted under that idempotency key; nothing was stored. */
  record KeyReused() implements Admission {}

  /**
   * The tenant's day has not room for all of them; nothing was stored.
   *
   * @param limit dispatches a day
   * @param left how many of them are left: fewer than were asked for
   * @param resetsAt the next day's begin
   */
  record DayUsedUp(int limit, int left, Instant resetsAt) implements Admission {
    /** Refuses null. */
    public DayUsedUp {
      Objects.requireNonNull(resetsAt, "resetsAt");
    }
  }

  /**
   * It was to be accepted only if its workspace is free, and another has that; nothing was stored.
   *
   * @param booking what it wanted
   */
  record WorkspaceBusy(Booking booking) implements Admission {
    /** Refuses null. */
    public WorkspaceBusy {
      Objects.requireNonNull(booking, "booking");
    }
  }
}
