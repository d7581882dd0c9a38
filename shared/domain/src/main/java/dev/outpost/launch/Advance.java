package dev.outpost.launch;

import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Line;
import dev.outpost.dispatch.Status;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks at a dispatch and does what its state demands of the platform: starts its task, or stops
 * it.
 *
 * <p>A message only says which dispatch to look at, so duplicates, late ones and ones out of order
 * do no harm. Safe for use by many threads and processes.
 */
public final class Advance {
  /** First wait after a want of capacity; doubled with each attempt. */
  public static final Duration FIRST_BACKOFF = Duration.ofSeconds(5);

  /** Longest wait after a want of capacity. */
  public static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  /**
   * How soon a dispatch looks again that found older ones before it and a slot still free; doubled
   * with each look, until the reconciler sees to it. So a message makes no more than seven others,
   * however long the older ones are held up, and the copies of a message die out as well.
   */
  public static final Duration GIVE_WAY = Duration.ofSeconds(1);

  private final Dispatches dispatches;
  private final Tenants tenants;
  private final Runs runs;
  private final LaunchQueue queue;
  private final RunTokens tokens;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Advance(
      Dispatches dispatches,
      Tenants tenants,
      Runs runs,
      LaunchQueue queue,
      RunTokens tokens,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tenants = Objects.requireNonNull(tenants, "tenants");
    this.runs = Objects.requireNonNull(runs, "runs");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** What is to become of the message. */
  public sealed interface Outcome {
    /**
     * It has done its work; it may be forgotten.
     *
     * @param what what was done, for the log
     */
    record Done(String what) implements Outcome {}

    /**
     * Nobody knows whether a task was started: the same message must come again.
     *
     * @param why what the platform said
     */
    record Again(String why) implements Outcome {}
  }

  /**
   * Does what the dispatch's state demands. An exception means: the same message must come again.
   */
  public Outcome advance(DispatchId id) {
    Optional<Dispatch> found = dispatches.find(id);
    if (found.isEmpty()) {
      return new Outcome.Done("unknown dispatch");
    }
    Dispatch dispatch = found.get();
    return switch (dispatch.state()) {
      case DispatchState.Pending pending -> launch(dispatch, pending);
      case DispatchState.Provisioning s ->
          s.launch().taskArn().isEmpty()
              ? start(dispatch, s.launch())
              : new Outcome.Done("already started");
      case DispatchState.Stopping s -> {
        // Without a known task there is nothing to ask; who learns it makes us look again.
        s.launch().taskArn().ifPresent(arn -> runs.stop(arn, s.why().message()));
        yield new Outcome.Done("asked to stop");
      }
      case DispatchState.Running _, DispatchState.Completing _, DispatchState.Ended _ ->
          new Outcome.Done("nothing to do");
    };
  }

  /**
   * Ends a dispatch by which {@link #advance} has thrown {@link LaunchQueue#MAX_RECEIVES} times: it
   * would do so for ever. One that waits ends at once; one whose task may be on its way is stopped,
   * and ends when nothing of it is left. What a runner has taken is left to its runner.
   */
  public void giveUp(DispatchId id) {
    Optional<Dispatch> dispatch = dispatches.find(id);
    if (dispatch.isEmpty()) {
      return;
    }
    switch (dispatch.get().state()) {
      case DispatchState.Pending _, DispatchState.Provisioning _ -> {
        Failure why =
            new Failure(
                Cause.INTERNAL,
                "Outpost itself failed to launch it, " + LaunchQueue.MAX_RECEIVES + " times.");
        var _ =
            dispatches.change(
                id,
                new DispatchEvent.StopAsked(
                    clock.instant(), why, Optional.of(dispatch.get().status())));
      }
      case DispatchState.Running _,
          DispatchState.Completing _,
          DispatchState.Stopping _,
          DispatchState.Ended _ -> {}
    }
  }

  private Outcome launch(Dispatch dispatch, DispatchState.Pending pending) {
    Instant now = clock.instant();
    if (!now.isBefore(dispatch.expiresAt())) {
      dispatches.change(
          dispatch, new DispatchEvent.StopAsked(now, expired(), Optional.of(Status.PENDING)));
      return new Outcome.Done("expired");
    }
    if (now.isBefore(pending.eligibleAt())) {
      sendIn(dispatch, Duration.between(now, pending.eligibleAt()));
      return new Outcome.Done("not before " + pending.eligibleAt());
    }
    Optional<Tenant> tenant = tenants.find(dispatch.tenantId());
    if (tenant.isEmpty() || tenant.get().suspended()) {
      return new Outcome.Done("its tenant is suspended");
    }
    int slots = tenant.get().tier().concurrent();
    Line line = dispatches.line(dispatch.tenantId(), now, slots);
    int free = slots - line.held().slots().size();
    if (free <= 0) {
      return new Outcome.Done("waits for a slot");
    }
    if (!line.held().lets(dispatch.waiting())) {
      // Whoever has it wakes the tenant at its end.
      return new Outcome.Done("waits for its workspace");
    }
    // Before anybody gives way to it: what can never be launched must not hold up the others.
    Optional<String> definition = runs.taskDefinition(dispatch.spec().agent());
    if (definition.isEmpty()) {
      dispatches.change(
          dispatch,
          new DispatchEvent.StopAsked(now, undeployed(dispatch), Optional.of(Status.PENDING)));
      return new Outcome.Done("its agent is not deployed");
    }
    // Older ones first: we may have a free slot only when fewer of them than slots are waiting.
    if (line.before(dispatch.id()) >= free || line.isBehind(dispatch.waiting())) {
      lookAgain(dispatch, pending, now);
      return new Outcome.Done("gives way to older ones");
    }
    DispatchEvent launching = new DispatchEvent.Launching(now, definition.get(), slots);
    return switch (dispatches.change(dispatch, launching)) {
      case Change.Changed c
          when c.after().state() instanceof DispatchState.Provisioning provisioning ->
          start(c.after(), provisioning.launch());
      case Change.NoSlot _ -> new Outcome.Done("waits for a slot or its workspace");
      case Change.Changed _, Change.Unchanged _, Change.Refused _, Change.Unknown _ ->
          new Outcome.Done("somebody else has advanced it");
    };
  }

  private Outcome start(Dispatch dispatch, Launch launch) {
    if (!launch.mayRepeat(clock.instant())) {
      return new Outcome.Done("its lease is over");
    }
    Runs.Order order =
        new Runs.Order(
            dispatch.id(),
            launch.attempt(),
            launch.taskDefinition(),
            tokens.claimToken(dispatch.id(), launch.attempt()),
            dispatch.spec().size());
    return switch (runs.start(order)) {
      case Runs.Start.Started started -> {
        Change change =
            dispatches.change(
                dispatch,
                new DispatchEvent.Launched(launch.attempt(), started.taskArn(), clock.instant()));
        if (change instanceof Change.Changed c
            && c.after().state() instanceof DispatchState.Stopping stopping) {
          runs.stop(started.taskArn(), stopping.why().message());
        }
        yield new Outcome.Done("started " + started.taskArn());
      }
      case Runs.Start.NoCapacity none -> {
        Instant now = clock.instant();
        Duration backoff = backoff(launch.attempt());
        Change change =
            dispatches.change(
                dispatch,
                new DispatchEvent.LaunchDeferred(
                    launch.attempt(), now, now.plus(backoff), none.why()));
        if (change instanceof Change.Changed c
            && c.after().state() instanceof DispatchState.Pending) {
          sendIn(dispatch, backoff);
        }
        yield new Outcome.Done("deferred: " + none.why().message());
      }
      case Runs.Start.Refused refused -> {
        dispatches.change(
            dispatch,
            new DispatchEvent.LaunchRefused(launch.attempt(), clock.instant(), refused.why()));
        yield new Outcome.Done("refused: " + refused.why().message());
      }
      case Runs.Start.Unknown unknown -> new Outcome.Again(unknown.why());
    };
  }

  /**
   * The older ones may have been launched already, or have ended without ever having held a slot
   * (the index lags): look again rather than be forgotten, after as long as it has waited already.
   */
  private void lookAgain(Dispatch dispatch, DispatchState.Pending pending, Instant now) {
    Duration waited = Duration.between(pending.eligibleAt(), now);
    if (waited.compareTo(Dispatch.ENQUEUE_LATENCY) < 0) {
      sendIn(dispatch, waited.compareTo(GIVE_WAY) < 0 ? GIVE_WAY : waited);
    }
  }

  private void sendIn(Dispatch dispatch, Duration delay) {
    // Whole seconds, rounded up: a message that comes too early would only be sent again.
    Duration seconds = Duration.ofSeconds(delay.plusMillis(999).toSeconds());
    Duration bounded =
        seconds.compareTo(LaunchQueue.MAX_DELAY) < 0 ? seconds : LaunchQueue.MAX_DELAY;
    queue.send(dispatch.id(), dispatch.tenantId(), bounded);
  }

  /** The wait after that attempt found no capacity. */
  static Duration backoff(int attempt) {
    Duration doubled = FIRST_BACKOFF.multipliedBy(1L << Math.min(attempt - 1, 10));
    return doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
  }

  private static Failure undeployed(Dispatch dispatch) {
    return new Failure(
        Cause.LAUNCH_FAILED,
        "The agent " + dispatch.spec().agent() + " has no task definition in this installation.");
  }

  /** What a dispatch ends with that waited too long. */
  public static Failure expired() {
    return new Failure(
        Cause.EXPIRED, "It was still waiting for a slot when its time to start ran out.");
  }
}
