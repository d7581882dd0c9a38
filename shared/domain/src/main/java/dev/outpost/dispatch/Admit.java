package dev.outpost.dispatch;

import dev.outpost.Ulids;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** Accepts dispatches. Safe for use by many threads. */
public final class Admit {
  private static final Logger LOG = System.getLogger(Admit.class.getName());

  private final Dispatches dispatches;
  private final LaunchQueue queue;
  private final Ulids ulids;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Admit(Dispatches dispatches, LaunchQueue queue, Ulids ulids, InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.ulids = Objects.requireNonNull(ulids, "ulids");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Accepts a dispatch, or says why not.
   *
   * <p>Once stored it is accepted, whatever becomes of its message: the record is its own outbox,
   * and the reconciler sends again what lies pending too long.
   */
  public Admission admit(Principal principal, Spec spec, Optional<IdempotencyKey> key) {
    Dispatch dispatch =
        Dispatch.accepted(DispatchId.next(ulids), principal.tenantId(), spec, clock.instant());
    Admission admission = dispatches.admit(dispatch, principal.tier().perDay(), key);
    if (admission instanceof Admission.Accepted) {
      try {
        queue.send(dispatch.id(), dispatch.tenantId());
      } catch (RuntimeException e) {
        LOG.log(
            Level.WARNING,
            "dispatch " + dispatch.id() + " is stored but not yet enqueued; the reconciler will",
            e);
      }
    }
    return admission;
  }
}
