package dev.outpost.dispatch;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.Principal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Accepts dispatches. Safe for use by many threads. */
public final class Admit {
  /** What the audit calls it. */
  public static final String ACT = "create_dispatch";

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
   * Accepts what was asked for, or says why not: one dispatch for one wish, a group for several.
   *
   * <p>Once stored it is accepted, whatever becomes of its message: the record is its own outbox,
   * and the reconciler sends again what lies pending too long. Who asked is written down in the
   * audit with it, for no call more.
   *
   * @param specs 1 to {@value Intake#MAX}
   */
  public Admission admit(Principal principal, List<Spec> specs, Optional<IdempotencyKey> key) {
    Instant now = clock.instant();
    Origin origin =
        specs.size() == 1 ? new Origin.Asked() : new Origin.InGroup(GroupId.next(ulids));
    List<Dispatch> wanted = new ArrayList<>();
    for (Spec spec : specs) {
      wanted.add(
          Dispatch.accepted(DispatchId.next(ulids), principal.tenantId(), spec, origin, now));
    }
    AuditRecord audited =
        new AuditRecord(
            AuditId.next(ulids),
            principal.tenantId(),
            now,
            principal.keyId(),
            ACT,
            origin
                .inGroup()
                .map(GroupId::value)
                .or(() -> Optional.of(wanted.getFirst().id().value())),
            AuditRecord.Outcome.DONE,
            Optional.empty());
    Intake intake = new Intake(wanted, Optional.of(audited));
    Admission admission = dispatches.admit(intake, principal.tier().perDay(), key);
    if (admission instanceof Admission.WorkspaceBusy
        && dispatches.freeEnded(principal.tenantId()) > 0) {
      // Held by one that has ended, or that was lost with its table: by nobody, then.
      admission = dispatches.admit(intake, principal.tier().perDay(), key);
    }
    if (admission instanceof Admission.Accepted) {
      wanted.forEach(this::enqueue);
    }
    return admission;
  }

  private void enqueue(Dispatch dispatch) {
    try {
      queue.send(dispatch.id(), dispatch.tenantId());
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "dispatch " + dispatch.id() + " is stored but not yet enqueued; the reconciler will",
          e);
    }
  }
}
