package dev.outpost.reconcile;

import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.launch.Runs.AliveTask;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.Tell;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.Retry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Looks at every dispatch whose time to be looked at has come, asks the platform what is true, and
 * settles it. It relies on no event and on nobody's memory, so whatever was lost is healed one
 * period after it is due. Safe to run twice at once.
 */
public final class Reconcile {
  private static final Logger LOG = System.getLogger(Reconcile.class.getName());

  /** How often tasks are looked for that nobody's dispatch knows. */
  public static final Duration ORPHANS_EVERY = Duration.ofMinutes(5);

  private final Dispatches dispatches;
  private final Runs runs;
  private final LaunchQueue queue;
  private final WakeWaiting wakeWaiting;
  private final StopOrphans stopOrphans;
  private final Tell tell;
  private final Retry retry;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Reconcile(
      Dispatches dispatches,
      Runs runs,
      LaunchQueue queue,
      WakeWaiting wakeWaiting,
      Tell tell,
      Retry retry,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.runs = Objects.requireNonNull(runs, "runs");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.wakeWaiting = Objects.requireNonNull(wakeWaiting, "wakeWaiting");
    this.stopOrphans = new StopOrphans(dispatches, runs);
    this.tell = Objects.requireNonNull(tell, "tell");
    this.retry = Objects.requireNonNull(retry, "retry");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * What a round did.
   *
   * @param looked dispatches that were due
   * @param healed what it moved on, because an event had been missed or a time was up: dispatches
   *     changed, sent to the launcher again, slots freed, orphans stopped, ends told
   * @param failed what could not be looked at; the next round will
   */
  public record Round(int looked, int healed, int failed) {}

  /** Does one round. */
  public Round reconcile() {
    Instant now = clock.instant();
    Tally tally = new Tally();
    Set<TenantId> waited = new LinkedHashSet<>();
    List<DispatchId> expired = new ArrayList<>();
    List<DispatchId> untold = new ArrayList<>();
    for (Due due : dispatches.due(now)) {
      tally.looked++;
      switch (due) {
        case Due.Pending pending -> {
          waited.add(pending.tenantId());
          if (pending.expired()) {
            expired.add(pending.id());
          }
        }
        case Due.Launched launched ->
            tally.of("settle " + launched.id(), () -> settle(launched.id(), now));
        case Due.Untold ended -> untold.add(ended.id());
      }
    }
    for (TenantId tenant : waited) {
      tally.of("free the slots of tenant " + tenant, () -> dispatches.freeEnded(tenant));
      tally.of("wake the waiting of tenant " + tenant, () -> wakeWaiting.wake(tenant));
    }
    tally.of("find the deliveries that are due", () -> retry(tally, now));
    if (isSweep(now)) {
      tally.of("look for orphans", () -> sweep(tally, now));
    }
    // What may be many, and what hangs on others than the store, comes last: a round has a minute.
    for (DispatchId id : expired) {
      tally.of("settle " + id, () -> settle(id, now));
    }
    for (DispatchId id : untold) {
      tally.of("tell of " + id, () -> tell(id));
    }
    return new Round(tally.looked, tally.healed, tally.failed);
  }

  /** That an endpoint is told once more heals nothing of ours. */
  private int retry(Tally tally, Instant now) {
    for (DeliveryKey key : retry.due(now)) {
      tally.of("retry delivery " + key.id(), () -> retry(key, now));
    }
    return 0;
  }

  private int retry(DeliveryKey key, Instant now) {
    retry.retry(key, now);
    return 0;
  }

  private int sweep(Tally tally, Instant now) {
    for (AliveTask task : stopOrphans.suspects(now)) {
      tally.of("look after " + task.taskArn(), () -> stopOrphans.stop(task));
    }
    return 0;
  }

  /** What a round has done so far; one thing that fails holds up no other. */
  private static final class Tally {
    private int looked;
    private int healed;
    private int failed;

    private void of(String what, IntSupplier work) {
      try {
        // In two steps: the work may count as well.
        int done = work.getAsInt();
        healed += done;
      } catch (RuntimeException e) {
        failed++;
        LOG.log(Level.WARNING, "could not " + what + "; the next round will try", e);
      }
    }
  }

  private static boolean isSweep(Instant now) {
    return now.getEpochSecond() / 60 % ORPHANS_EVERY.toMinutes() == 0;
  }

  /** Tells of one that has ended all that it has been; how many that were: it, or none. */
  private int tell(DispatchId id) {
    Optional<Dispatch> ended = dispatches.find(id).filter(found -> found.state().isTerminal());
    ended.ifPresent(tell::ofAll);
    return ended.isPresent() ? 1 : 0;
  }

  /** Settles one dispatch; how many that moved: it, or none. */
  private int settle(DispatchId id, Instant now) {
    return dispatches.find(id).filter(dispatch -> settle(dispatch, now)).isPresent() ? 1 : 0;
  }

  private boolean settle(Dispatch dispatch, Instant now) {
    return switch (dispatch.state()) {
      case DispatchState.Pending _ ->
          !now.isBefore(dispatch.expiresAt())
              && changed(
                  dispatch,
                  new DispatchEvent.StopAsked(now, Advance.expired(), Optional.of(Status.PENDING)));
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
                    alive.attempt().orElse(launch.attempt()), alive.taskArn(), now));
    Optional<Failure> stop = overdue(dispatch, now);
    boolean asked =
        stop.isPresent()
            && changed(
                dispatch,
                new DispatchEvent.StopAsked(now, stop.get(), Optional.of(dispatch.status())));
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
      case DispatchState.Running s ->
          dispatch
              .deadline()
              .filter(deadline -> !now.isBefore(deadline))
              .map(_ -> new Failure(Cause.TIMEOUT, "The dispatch's time was up."))
              .or(() -> silent(s, now));
      case DispatchState.Pending _,
          DispatchState.Completing _,
          DispatchState.Stopping _,
          DispatchState.Ended _ ->
          Optional.empty();
    };
  }

  private static Optional<Failure> silent(DispatchState.Running running, Instant now) {
    return now.isBefore(running.silentAt())
        ? Optional.empty()
        : Optional.of(
            new Failure(
                Cause.TASK_LOST,
                "Its runner was not heard for " + Dispatch.SILENCE.toMinutes() + " minutes."));
  }

  /** The platform knows no task: not yet, no more, or there never was one. */
  private boolean unseen(Dispatch dispatch, Launch launch, Instant now) {
    boolean mayHaveNone =
        dispatch.state() instanceof DispatchState.Provisioning && launch.taskArn().isEmpty();
    if (mayHaveNone && launch.mayRepeat(now)) {
      // The launcher died before RunTask, or never learned its outcome: the same call again.
      queue.send(dispatch.id(), dispatch.tenantId());
      return true;
    }
    return !now.isBefore(lastSign(dispatch.state(), launch).plus(Dispatch.LAUNCH_LOOK))
        && changed(dispatch, new DispatchEvent.TaskGone(launch.attempt(), now));
  }

  /**
   * When there was the last sign that a task exists or may yet be started. The platform's answers
   * are eventually consistent, so that it knows no task means nothing until some time after.
   */
  private static Instant lastSign(DispatchState state, Launch launch) {
    if (launch.taskArn().isPresent()) {
      return launch.heardOf().orElse(launch.at());
    }
    return switch (state) {
      case DispatchState.Provisioning _ -> launch.at().plus(Launch.LEASE);
      case DispatchState.Running s -> s.claimed().at();
      case DispatchState.Completing s -> s.claimed().at();
      // Nobody starts it any more, but a launcher that had read it before.
      case DispatchState.Stopping s -> s.at();
      case DispatchState.Pending _, DispatchState.Ended _ -> launch.at();
    };
  }

  private boolean changed(Dispatch dispatch, DispatchEvent event) {
    return dispatches.change(dispatch, event) instanceof Change.Changed;
  }
}
