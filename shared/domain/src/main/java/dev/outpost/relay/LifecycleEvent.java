package dev.outpost.relay;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Passage;
import dev.outpost.dispatch.Status;
import dev.outpost.run.Cause;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * That a dispatch took another status: what the installation's own event bus carries. It may be
 * published more than once; {@code (id, version)} tells duplicates.
 *
 * @param id the dispatch
 * @param tenantId whose it is
 * @param agent its agent
 * @param status its new status
 * @param version the record's version, by which a dispatch's events have an order
 * @param at when it took the status; of one that waits again, when it was accepted
 * @param cause why it ended without success, if it did
 */
public record LifecycleEvent(
    DispatchId id,
    TenantId tenantId,
    String agent,
    Status status,
    long version,
    Instant at,
    Optional<Cause> cause) {
  /** Refuses nulls. */
  public LifecycleEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(cause, "cause");
  }

  /** What everybody who listens is told, by the names of the HTTP API. */
  public Map<String, Object> told() {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("dispatchId", id.value());
    told.put("agent", agent);
    told.put("status", status.wire());
    told.put("version", version);
    told.put("at", at.toString());
    cause.ifPresent(why -> told.put("cause", why.wire()));
    return told;
  }

  /** The event of a dispatch's present status. */
  public static LifecycleEvent of(Dispatch dispatch) {
    return of(dispatch, dispatch.passages().getLast());
  }

  /** The event of one of the statuses that a dispatch has taken. */
  static LifecycleEvent of(Dispatch dispatch, Passage passage) {
    Optional<Cause> cause =
        passage.status().isTerminal() && dispatch.state() instanceof DispatchState.Ended ended
            ? ended.failure().map(failure -> failure.cause())
            : Optional.empty();
    return new LifecycleEvent(
        dispatch.id(),
        dispatch.tenantId(),
        dispatch.spec().agent(),
        passage.status(),
        passage.version(),
        passage.at(),
        cause);
  }
}
