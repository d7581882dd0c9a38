package dev.outpost.dispatch;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.Principal;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** Cancels dispatches. Safe for use by many threads. */
public final class Cancel {
  /** What the audit calls it. */
  public static final String ACT = "cancel_dispatch";

  private final Dispatches dispatches;
  private final InstantSource clock;

  /** The use case on that port. */
  public Cancel(Dispatches dispatches, InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Cancels a dispatch of the principal's tenant: at once while it waits; once launched, by
   * recording the intent, after which it ends as cancelled whatever its task still does.
   *
   * @param reason the client's own words, if any
   */
  public Outcome cancel(Principal principal, DispatchId id, Optional<String> reason) {
    // Another tenant's dispatch must answer exactly like an unknown one.
    Optional<Dispatch> mine =
        dispatches.find(id).filter(d -> d.tenantId().equals(principal.tenantId()));
    if (mine.isEmpty()) {
      return new Outcome.NotFound();
    }
    Failure why =
        new Failure(Cause.CANCELLED, reason.map(r -> "Cancelled: " + r).orElse("Cancelled."));
    Change change =
        dispatches.change(mine.get(), new DispatchEvent.StopAsked(clock.instant(), why));
    return switch (change) {
      case Change.Changed c -> new Outcome.Cancelled(c.after());
      case Change.Unchanged c -> new Outcome.Cancelled(c.dispatch());
      // It was open when it was looked at, and has ended as cancelled: by this very request, whose
      // first write was done and not answered, or by another that came between. Either way the
      // client has what it asked for.
      case Change.Refused c
          when !mine.get().state().isTerminal() && c.dispatch().status() == Status.CANCELLED ->
          new Outcome.Cancelled(c.dispatch());
      case Change.Refused c -> new Outcome.TooLate(c.dispatch(), c.why());
      case Change.NoSlot c -> throw new IllegalStateException("a stop takes no slot: " + c);
      case Change.Unknown _ -> new Outcome.NotFound();
    };
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** It is cancelled, or will be as soon as its task has stopped. */
    record Cancelled(Dispatch dispatch) implements Outcome {}

    /** It had ended, or its end is decided otherwise. */
    record TooLate(Dispatch dispatch, String why) implements Outcome {}

    /** The tenant has no such dispatch. */
    record NotFound() implements Outcome {}
  }
}
