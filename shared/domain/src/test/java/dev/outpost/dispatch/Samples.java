package dev.outpost.dispatch;

import dev.outpost.Ulids;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One of each, for the tests of the domain. */
final class Samples {
  static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  static final String ARN = "arn:aws:ecs:eu-central-1:111122223333:task/outpost/aaaa";
  static final String DEFINITION = "arn:aws:ecs:eu-central-1:111122223333:task-definition/o:7";
  static final Failure CANCELLED = new Failure(Cause.CANCELLED, "Cancelled.");
  static final Failure TIMEOUT = new Failure(Cause.TIMEOUT, "The dispatch's time was up.");
  static final Failure NO_ROOM = new Failure(Cause.NO_CAPACITY, "No room.");
  static final Claimed CLAIMED = new Claimed("runner-1", T0.plusSeconds(40));
  static final Launch UNKNOWN_TASK = new Launch(1, T0.plusSeconds(5), DEFINITION, Optional.empty());
  static final Launch LAUNCH = UNKNOWN_TASK.with(ARN, T0.plusSeconds(6));
  static final RunResult GOOD = result(Optional.empty(), 0);
  static final RunResult BAD =
      result(Optional.of(new Failure(Cause.AGENT_ERROR, "The agent failed.")), 3);

  private Samples() {}

  static RunResult result(Optional<Failure> failure, int exitCode) {
    return new RunResult(
        failure,
        OptionalInt.of(exitCode),
        "done",
        Optional.empty(),
        Optional.of("0123456789012345678901234567890123456789"),
        2,
        List.of());
  }

  static Spec spec() {
    return new Spec(
        "script",
        Optional.empty(),
        "echo hello world",
        Optional.of("owner/name"),
        new Workspace(
            Optional.of("https://github.com/owner/name.git"),
            Optional.empty(),
            Workspace.Init.FULL),
        Optional.empty(),
        Duration.ofMinutes(10),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  static Dispatch dispatch(DispatchState state) {
    return new Dispatch(
        new DispatchId("dsp_" + Ulids.floor(T0)),
        TenantId.INSTALLATION,
        spec(),
        new Origin.Asked(),
        T0,
        state,
        1,
        List.of(new Passage(state.status(), 1, T0)));
  }

  /** One of each state, by its name. */
  static Map<String, DispatchState> states() {
    Map<String, DispatchState> states = new LinkedHashMap<>();
    for (DispatchState state :
        List.of(
            new DispatchState.Pending(1, T0),
            new DispatchState.Provisioning(UNKNOWN_TASK),
            new DispatchState.Running(
                UNKNOWN_TASK,
                CLAIMED,
                new Progress(5, "preparing"),
                Optional.empty(),
                CLAIMED.at()),
            new DispatchState.Completing(UNKNOWN_TASK, CLAIMED, GOOD, T0.plusSeconds(90)),
            new DispatchState.Stopping(
                UNKNOWN_TASK, Optional.empty(), CANCELLED, Optional.empty(), T0.plusSeconds(60)),
            new DispatchState.Ended(
                Optional.of(LAUNCH),
                Optional.of(CLAIMED),
                T0.plusSeconds(100),
                Optional.empty(),
                OptionalInt.of(0),
                Optional.of(GOOD)))) {
      states.put(state.getClass().getSimpleName(), state);
    }
    return states;
  }

  static DispatchEvent.TaskStopped stopped(int exitCode) {
    return new DispatchEvent.TaskStopped(
        OptionalInt.of(1), ARN, T0.plusSeconds(100), OptionalInt.of(exitCode), Optional.empty());
  }

  /** One of each event, by its name. */
  static Map<String, DispatchEvent> events() {
    Instant now = T0.plusSeconds(95);
    Map<String, DispatchEvent> events = new LinkedHashMap<>();
    for (DispatchEvent event :
        List.of(
            new DispatchEvent.Launching(now, DEFINITION, 3),
            new DispatchEvent.Launched(1, ARN, now),
            new DispatchEvent.LaunchDeferred(1, now, now.plusSeconds(5), NO_ROOM),
            new DispatchEvent.LaunchRefused(
                1, now, new Failure(Cause.LAUNCH_FAILED, "The platform refused.")),
            new DispatchEvent.Claiming(1, CLAIMED),
            new DispatchEvent.Heard(1, now, new Progress(20, "running"), Optional.empty()),
            new DispatchEvent.Finished(1, now, GOOD),
            new DispatchEvent.StopAsked(now, CANCELLED),
            stopped(0),
            new DispatchEvent.TaskGone(1, now))) {
      events.put(event.getClass().getSimpleName(), event);
    }
    return events;
  }
}
