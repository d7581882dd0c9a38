package dev.outpost.dispatch;

import dev.outpost.agent.Agent;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One accepted task.
 *
 * @param id its id
 * @param tenantId whose it is
 * @param spec what was asked for
 * @param origin how it came about
 * @param createdAt when it was accepted
 * @param state where it is in its life
 * @param version counts the writes of the record, from 1
 * @param passages the statuses that it has taken, in their order; the last is its status now
 */
public record Dispatch(
    DispatchId id,
    TenantId tenantId,
    Spec spec,
    Origin origin,
    Instant createdAt,
    DispatchState state,
    long version,
    List<Passage> passages) {
  /** How long records are kept after their acceptance. */
  public static final Duration KEPT = Duration.ofDays(90);

  /** How long a dispatch without an {@code expiresAt} may wait for a slot. */
  public static final Duration MAX_WAIT = Duration.ofDays(7);

  /**
   * How long a pending dispatch may lie before the reconciler looks whether its message was lost.
   */
  public static final Duration ENQUEUE_LATENCY = Duration.ofSeconds(60);

  /** How long a launch may take, RunTask, image pull and claim included. */
  public static final Duration START_LATENCY = Duration.ofMinutes(10);

  /** How long after a launch the reconciler asks for its task. */
  public static final Duration LAUNCH_LOOK = Duration.ofMinutes(3);

  /**
   * How long a runner may prepare before its agent's timeout begins to count: the clone's bound.
   */
  public static final Duration PREPARATION = Duration.ofMinutes(10);

  /** How long after the agent's timeout its runner has to end it, to upload and to report. */
  public static final Duration TIMEOUT_GRACE = Duration.ofMinutes(2);

  /**
   * How long a runner whose task is alive may be silent. It reports every few minutes and tries
   * again for ten minutes, and what it says is written every {@link Lifecycle#HEARD_EVERY}: past
   * both together nobody is left to report an end.
   */
  public static final Duration SILENCE = Duration.ofMinutes(20);

  /** How long a runner has beyond all that to bring a persistent workspace and to save it. */
  public static final Duration WORKSPACE_TIME = Duration.ofMinutes(10);

  /** How long a task has to stop after its result or the request to stop. */
  public static final Duration STOP_LATENCY = Duration.ofMinutes(2);

  /** How long after an end everybody who listens should have been told of it. */
  public static final Duration TELL_LATENCY = Duration.ofMinutes(5);

  /** Refuses nulls. */
  public Dispatch {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(state, "state");
    passages = List.copyOf(passages);
  }

  /** A dispatch that a client asked for alone, as it is accepted. */
  public static Dispatch accepted(DispatchId id, TenantId tenantId, Spec spec, Instant now) {
    return accepted(id, tenantId, spec, new Origin.Asked(), now);
  }

  /** A dispatch as it is accepted. */
  public static Dispatch accepted(
      DispatchId id, TenantId tenantId, Spec spec, Origin origin, Instant now) {
    return new Dispatch(
        id,
        tenantId,
        spec,
        origin,
        now,
        new DispatchState.Pending(1, now),
        1,
        List.of(new Passage(Status.PENDING, 1, now)));
  }

  /** The same dispatch in its next state. */
  public Dispatch in(DispatchState next) {
    List<Passage> passed = passages;
    if (next.status() != status()) {
      passed = new ArrayList<>(passages);
      passed.add(new Passage(next.status(), version + 1, next.begin(createdAt)));
    }
    return new Dispatch(id, tenantId, spec, origin, createdAt, next, version + 1, passed);
  }

  /**
   * The persistent workspace that it holds, so that no other works in it: with its slot, and before
   * that already where it was accepted on the condition that the workspace is free.
   */
  public Optional<WorkspaceId> holdsWorkspace() {
    return spec.booking()
        .filter(
            booking ->
                switch (state) {
                  case DispatchState.Pending _ -> booking.whenBusy() == Booking.WhenBusy.REJECT;
                  case DispatchState.Ended _ -> false;
                  case DispatchState.Provisioning _,
                      DispatchState.Running _,
                      DispatchState.Completing _,
                      DispatchState.Stopping _ ->
                      true;
                })
        .map(Booking::workspace);
  }

  /** The same as one that waits for a slot, whatever its state. */
  public Waiting waiting() {
    return new Waiting(id, spec.booking().map(Booking::workspace));
  }

  /** Its status as clients see it. */
  public Status status() {
    return state.status();
  }

  /**
   * The id of the dispatch that this one's failure is handed on to: for one that ended with a
   * retryable cause while another agent stood by. What nobody started in its time is nobody's to
   * retry. Whether that dispatch was accepted, only the store knows.
   */
  public Optional<DispatchId> fallbackId() {
    if (!(state instanceof DispatchState.Ended ended) || spec.fallback().isEmpty()) {
      return Optional.empty();
    }
    Instant at = end().orElseThrow();
    return ended
        .failure()
        .map(Failure::cause)
        .filter(cause -> cause.retryable() && cause != Cause.EXPIRED)
        .filter(_ -> spec.expiresAt().map(at::isBefore).orElse(true))
        .map(_ -> DispatchId.following(id, at));
  }

  /**
   * The dispatch that this one's failure is handed on to, as it is accepted: at the instant of this
   * one's end, so that whoever makes it makes the same.
   *
   * @param next the first of the agents that stand by
   */
  public Optional<Dispatch> handedTo(Agent next) {
    List<String> standby = spec.fallback();
    return fallbackId()
        .map(
            child ->
                accepted(
                    child,
                    tenantId,
                    spec.handedTo(next, standby.subList(1, standby.size())),
                    new Origin.RetryOf(id),
                    end().orElseThrow()));
  }

  /** When it ended, if it has: never before it was accepted, whatever a task's event told. */
  private Optional<Instant> end() {
    return state instanceof DispatchState.Ended end
        ? Optional.of(end.at().isBefore(createdAt) ? createdAt : end.at())
        : Optional.empty();
  }

  /** When it is no longer to be started. */
  public Instant expiresAt() {
    return spec.expiresAt().orElse(createdAt.plus(MAX_WAIT));
  }

  /**
   * When a claimed dispatch must be over. The agent's own timeout is its runner's to keep, from the
   * agent's start; this is the bound past which the runner itself is not trusted any more.
   */
  public Optional<Instant> deadline() {
    return state.claim().map(claimed -> claimed.at().plus(lifetime()));
  }

  private Duration lifetime() {
    Duration timeout = spec.timeout();
    Duration preparation = timeout.compareTo(PREPARATION) < 0 ? timeout : PREPARATION;
    Duration workspace = spec.booking().isPresent() ? WORKSPACE_TIME : Duration.ZERO;
    return preparation.plus(timeout).plus(TIMEOUT_GRACE).plus(workspace);
  }

  /**
   * When the reconciler must look at it if nothing happens before; of one that has ended, unless
   * everybody was told ({@link Dispatches#told}).
   */
  public Instant dueAt() {
    return switch (state) {
      case DispatchState.Pending s -> {
        Instant enqueued = s.eligibleAt().plus(ENQUEUE_LATENCY);
        yield enqueued.isBefore(expiresAt()) ? enqueued : expiresAt();
      }
      case DispatchState.Provisioning s -> s.launch().at().plus(LAUNCH_LOOK);
      case DispatchState.Running s -> {
        Instant deadline = s.claimed().at().plus(lifetime());
        Instant silent = s.heardAt().plus(Lifecycle.HEARD_EVERY).plus(LAUNCH_LOOK);
        yield deadline.isBefore(silent) ? deadline : silent;
      }
      case DispatchState.Completing s -> s.at().plus(STOP_LATENCY);
      case DispatchState.Stopping s -> s.at().plus(STOP_LATENCY);
      case DispatchState.Ended s -> s.at().plus(TELL_LATENCY);
    };
  }
}
