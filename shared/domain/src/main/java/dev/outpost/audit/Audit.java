package dev.outpost.audit;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.tenant.TenantId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes acts down: before they begin, so that none is ever done of which nothing is known, and
 * again when it is known what came of them. Safe for use by many threads.
 */
public final class Audit {
  private static final Logger LOG = System.getLogger(Audit.class.getName());

  private final AuditTrail trail;
  private final Ulids ids;
  private final InstantSource clock;

  /** On that trail. */
  public Audit(AuditTrail trail, Ulids ids, InstantSource clock) {
    this.trail = Objects.requireNonNull(trail, "trail");
    this.ids = Objects.requireNonNull(ids, "ids");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Writes down what is about to be done.
   *
   * @param by a key's id, or {@link AuditRecord#OPERATOR}
   * @throws RuntimeException when it can't be written; then the act must not begin
   */
  public AuditRecord asked(TenantId tenantId, String by, String act, Optional<String> about) {
    AuditRecord asked =
        new AuditRecord(
            AuditId.next(ids),
            tenantId,
            clock.instant(),
            by,
            act,
            about,
            Outcome.ASKED,
            Optional.empty());
    trail.append(asked);
    return asked;
  }

  /**
   * Writes down what came of it. The act is over by then, whatever becomes of this record: a
   * failure to write it is logged, and no matter of who asked.
   *
   * @param about what it was about, where more is known of that now
   */
  public void ended(AuditRecord asked, Outcome outcome, Optional<String> about) {
    try {
      trail.append(
          new AuditRecord(
              AuditId.next(ids),
              asked.tenantId(),
              clock.instant(),
              asked.by(),
              asked.act(),
              about.or(asked::about),
              outcome,
              Optional.of(asked.id())));
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "what came of " + asked.id() + ", " + outcome + ", is not written down",
          e);
    }
  }
}
