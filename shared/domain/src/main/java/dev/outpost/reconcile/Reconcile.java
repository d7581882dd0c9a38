package dev.outpost.reconcile;

import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Launch;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.TenantId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at every dispatch whose time to be looked at has come, asks the platform what is true, and
 * settles it. It relies on no event and on nobody's memory, so whatever was lost is healed one
 * period after it is due. Safe to run twice at once.
 */
public final class Reconcile {
  private static final Logger LOG = System.getLogger(Reconcile.class.getName());

  private final Dispatches dispatches;
  private final Runs runs;
  private final LaunchQueue queue;
  private final WakeWaiting wakeWaiting;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Reconcile(
      Dispatches dispatches,
      Runs runs,
      LaunchQueue queue,
      WakeWaiting wakeWaiting,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.runs = Objects.requireNonNull(runs, "runs");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.wakeWaiting = Objects.requireNonNull(wakeWaiting, "wakeWaiting");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * What a round did.
   *
   * @param looked dispatches looked at
   * @param healed dispatches that it moved on, because an event had been missed or a time was up
   * @param failed dispatches that could not be looked at; the next round will
   */
  public record Round(int looked, int healed, int failed) {}

  /** Does one round. */
  public Round reconcile() {
    Instant now = clock.instant();
    Set<TenantId> waiting = new LinkedHashSet<>();
    int looked = 0;
    int healed = 0;
    int failed = 0;
    for (Due due : dispatches.due(now)) {
      looked++;
      try {
        Optional<Dispatch> dispatch = dispatches.find(due.id());
        if (dispatch.isPresent() && settle(dispatch.get(), now, waiting)) {
          healed++;
        }
      } catch (RuntimeException e) {
        failed++;
        LOG.log(Level.WARNING, "could not settle " + due.id() + "; the next round will try", e);
      }
    }
    for (TenantId tenant : waiting) {
      try {
        healed += wakeWaiting.wake(tenant);
      } catch (RuntimeException e) {
        failed++;
        LOG.log(Level.WARNING, "could not wake the waiting of tenant " + tenant, e);
      }
    }
    return new Round(looked, healed, failed);
  }

  /** Settles one dispatch; whether that moved it. */
  private boolean settle(Dispatch dispatch, Instant now, Set<TenantId> waiting) {
    return switch (dispatch.state()) {
      case DispatchState.Pending _ -> {
        if (!now.isBefore(dispatch.expiresAt())) {
          yield changed(dispatch, new DispatchEvent.StopAsked(now, Advance.expired()));
        }
        waiting.add(dispatch.tenantId());
        yield false;
      }
      case DispatchState.Provisioning s -> look(dispatch, s.launch(), now);
      case DispatchState.Running s -> look(dispatch, s.launch(), now);
      case DispatchState.Completing s -> look(dispatch, s.launch(), now);
      case DispatchState.Stopping s -> look(dispatch, s.launch(), now);
      case DispatchState.Ended _ -> false;
    };
  }

  private boolean look(Dispatch dispatch, Launch launch, Instant now) {
    return switch (runs.find(dispatch)) {
      case Runs.Sighting.Stopped stopped -> changed(dispatch, stopped.event());
      case Runs.Sighting.Alive alive -> alive(dispatch, launch, alive, now);
      case Runs.Sighting.None _ -> unseen(dispatch, launch, now);
    };
  }

  private boolean alive(Dispatch dispatch, Launch launch, Runs.Sighting.Alive alive, Instant now) {
    boolean learned =
        launch.taskArn().isEmpty()
            && changed(
                dispatch,
                new DispatchEvent.Launched(
                    alive.attempt().orElse(launch.attempt()), alive.taskArn()));
    Optional<Failure> stop = overdue(dispatch, now);
    boolean asked =
        stop.isPresent() && changed(dispatch, new DispatchEvent.StopAsked(now, stop.get()));
    boolean mustStop =
        asked
            || dispatch.state() instanceof DispatchState.Stopping
            || dispatch.state() instanceof DispatchState.Completing;
    if (mustStop) {
      runs.stop(alive.taskArn(), stop.map(Failure::message).orElse("It should have stopped."));
    }
    return learned || asked;
  }

  /** Why a task that is alive has to be stopped, if its time is up. */
  private static Optional<Failure> overdue(Dispatch dispatch, Instant now) {
    return switch (dispatch.state()) {
      case DispatchState.Provisioning s ->
          now.isBefore(s.launch().at().plus(Dispatch.START_LATENCY))
              ? Optional.empty()
              : Optional.of(
                  new Failure(Cause.TASK_FAILED_TO_START, "The task did not start in time."));
      case DispatchState.Running _ ->
          dispatch
              .deadline()
              .filter(deadline -> !now.isBefore(deadline))
              .map(_ -> new Failure(Cause.TIMEOUT, "The dispatch's time was up."));
      case DispatchState.Pending _,
          DispatchState.Completing _,
          DispatchState.Stopping _,
          DispatchState.Ended _ ->
          Optional.empty();
    };
  }

  /** The platform knows no task: not yet, no more, or there never was one. */
  private boolean unseen(Dispatch dispatch, Launch launch, Instant now) {
    if (now.isBefore(launch.at().plus(Dispatch.LAUNCH_LOOK))) {
      // Eventual consistency: just after a launch a task may not be visible yet.
      return false;
    }
    boolean mayHaveNone =
        dispatch.state() instanceof DispatchState.Provisioning && launch.taskArn().isEmpty();
    if (mayHaveNone && launch.mayRepeat(now)) {
      // The launcher died before RunTask, or never learned its outcome: the same call again.
      queue.send(dispatch.id(), dispatch.tenantId());
      return true;
    }
    return changed(dispatch, new DispatchEvent.TaskGone(now));
  }

  private boolean changed(Dispatch dispatch, DispatchEvent event) {
    return dispatches.change(dispatch.id(), event) instanceof Change.Changed;
  }
}
