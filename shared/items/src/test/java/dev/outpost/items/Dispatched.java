package dev.outpost.items;

import dev.outpost.Ulids;
import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Origin;
import dev.outpost.dispatch.Passage;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.run.Artifact;
import dev.outpost.run.Budget;
import dev.outpost.run.Cause;
import dev.outpost.run.Context;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Dispatches of every shape. */
final class Dispatched {
  static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456789Z");
  static final String SHORT_TASK = "Fix the flaky test in the build, and say what it was. ⚑";

  private static final Failure FAILURE = new Failure(Cause.MODEL_OVERLOADED, "Come back later.");
  private static final Usage USAGE = new Usage(120_000, 90_000, 4_500, OptionalDouble.of(1.2345));
  private static final Launch LAUNCH =
      new Launch(
          2,
          AT.plusSeconds(1),
          "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-claude-prod:17",
          Optional.of(
              "arn:aws:ecs:eu-central-1:111122223333:task/outpost-prod/"
                  + "0123456789abcdef0123456789abcdef"));
  private static final Launch STARTING =
      new Launch(1, AT, LAUNCH.taskDefinition(), Optional.empty());
  private static final Claimed CLAIMED =
      new Claimed("0123456789abcdef0123456789abcdef", AT.plusSeconds(30));
  private static final RunResult FULL_RESULT =
      new RunResult(
          Optional.of(FAILURE),
          OptionalInt.of(3),
          "I changed the wait in two tests to a latch; all tests of the module pass now.",
          Optional.of(USAGE),
          Optional.of("0123456789abcdef0123456789abcdef01234567"),
          2,
          List.of("src/test/java/WaitTest.java", "src/test/java/LatchTest.java"),
          List.of(
              new Artifact(Artifact.Type.RESULT, 900),
              new Artifact(Artifact.Type.PATCH, 12_345),
              new Artifact(Artifact.Type.LOG, 1_234_567),
              new Artifact(Artifact.Type.METADATA, 700)),
          OptionalLong.empty());
  private static final RunResult BARE_RESULT =
      new RunResult(
          Optional.empty(),
          OptionalInt.empty(),
          "",
          Optional.empty(),
          Optional.empty(),
          0,
          List.of());

  private Dispatched() {}

  /** Every state, with all of its optional parts and with none. */
  static List<DispatchState> states() {
    List<DispatchState> states = new ArrayList<>();
    states.add(new DispatchState.Pending(1, AT));
    states.add(new DispatchState.Provisioning(STARTING));
    states.add(new DispatchState.Provisioning(LAUNCH));
    Progress progress = new Progress(42, "thinking");
    states.add(new DispatchState.Running(STARTING, CLAIMED, Progress.NONE, Optional.empty(), AT));
    states.add(new DispatchState.Running(LAUNCH, CLAIMED, progress, Optional.of(USAGE), AT));
    states.add(
        new DispatchState.Running(
            LAUNCH,
            CLAIMED,
            progress,
            Optional.of(
                new Usage(1, 2, 3, OptionalDouble.of(0.5), Optional.of(Usage.CostSource.PROVIDER))),
            AT));
    states.add(
        new DispatchState.Running(
            LAUNCH,
            CLAIMED,
            progress,
            Optional.of(new Usage(0, 0, 0, OptionalDouble.empty())),
            AT));
    states.add(new DispatchState.Completing(STARTING, CLAIMED, BARE_RESULT, AT));
    states.add(new DispatchState.Completing(LAUNCH, CLAIMED, FULL_RESULT, AT));
    states.add(
        new DispatchState.Stopping(STARTING, Optional.empty(), FAILURE, Optional.empty(), AT));
    states.add(
        new DispatchState.Stopping(
            LAUNCH, Optional.of(CLAIMED), FAILURE, Optional.of(FULL_RESULT), AT));
    states.add(
        new DispatchState.Ended(
            Optional.empty(),
            Optional.empty(),
            AT,
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty()));
    states.add(
        new DispatchState.Ended(
            Optional.of(LAUNCH),
            Optional.of(CLAIMED),
            AT,
            Optional.of(FAILURE),
            OptionalInt.of(137),
            Optional.of(FULL_RESULT)));
    return states;
  }

  /** A dispatch that succeeded as most do. */
  static DispatchState success() {
    return new DispatchState.Ended(
        Optional.of(LAUNCH),
        Optional.of(CLAIMED),
        AT.plusSeconds(300),
        Optional.empty(),
        OptionalInt.of(0),
        Optional.of(usualResult()));
  }

  /** The states that a dispatch usually passes. */
  static List<DispatchState> usualStates() {
    return List.of(
        new DispatchState.Pending(1, AT),
        new DispatchState.Provisioning(LAUNCH),
        new DispatchState.Running(
            LAUNCH, CLAIMED, new Progress(42, "thinking"), Optional.of(USAGE), AT),
        new DispatchState.Completing(LAUNCH, CLAIMED, usualResult(), AT),
        success());
  }

  private static RunResult usualResult() {
    return new RunResult(
        Optional.empty(),
        OptionalInt.of(0),
        FULL_RESULT.summary(),
        FULL_RESULT.usage(),
        FULL_RESULT.baseCommit(),
        2,
        FULL_RESULT.artifacts());
  }

  /** What a dispatch has usually passed when it is in that state. */
  private static List<Passage> passages(DispatchState state) {
    List<Passage> passages = new ArrayList<>();
    passages.add(new Passage(Status.PENDING, 1, AT));
    for (Status status : List.of(Status.PROVISIONING, Status.RUNNING, Status.COMPLETING)) {
      if (state.status().compareTo(status) >= 0) {
        passages.add(new Passage(status, 1 + passages.size(), AT.plusSeconds(299)));
      }
    }
    if (state instanceof DispatchState.Ended ended) {
      passages.add(new Passage(ended.status(), 7, ended.at()));
    }
    return passages;
  }

  static Spec bareSpec(String task) {
    return new Spec(
        "script",
        Optional.empty(),
        task,
        Optional.empty(),
        new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
        Optional.empty(),
        Duration.ofSeconds(30),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  static Spec usualSpec(String task) {
    return usualSpec(task, Duration.ofMinutes(10));
  }

  static Spec usualSpec(String task, Duration timeout) {
    return new Spec(
        "claude",
        Optional.of("claude-opus-4-5-20251101"),
        task,
        Optional.of("owner/name"),
        new Workspace(
            Optional.of("https://github.com/owner/name.git"),
            Optional.empty(),
            Workspace.Init.FULL),
        Optional.of(Context.STANDARD),
        timeout,
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  static Spec fullSpec(String task) {
    return new Spec(
        "claude",
        Optional.of("claude-opus-4-5-20251101"),
        task,
        Optional.of("owner/name"),
        new Workspace(
            Optional.of("https://github.com/owner/name.git"),
            Optional.of("main"),
            Workspace.Init.MINIMAL),
        Optional.of(Context.FULL),
        Duration.ofMillis(600_500),
        Optional.of(new TaskSize(1024, 2048, OptionalInt.of(30))),
        Map.of("team", "build", "empty", ""),
        Optional.of(Instant.parse("9999-12-31T23:59:59.999Z")),
        new Budget(OptionalDouble.of(12.5), OptionalLong.of(Budget.MOST_TOKENS)),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of("NPM_TOKEN", "DB_PASSWORD"),
        Optional.of(
            new Booking(
                WorkspaceId.of(
                    TenantId.INSTALLATION, "https://github.com/owner/name.git", "night-build"),
                "night-build",
                Booking.WhenBusy.REJECT)));
  }

  static Dispatch of(Spec spec, DispatchState state) {
    return new Dispatch(
        new DispatchId("dsp_" + Ulids.floor(AT)),
        TenantId.INSTALLATION,
        spec,
        new Origin.Asked(),
        AT,
        state,
        7,
        passages(state));
  }
}
