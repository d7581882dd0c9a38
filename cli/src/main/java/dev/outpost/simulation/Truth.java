package dev.outpost.simulation;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Lifecycle;
import dev.outpost.run.Cause;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether what a record says of its dispatch is what really happened (invariants 12 and 14). */
final class Truth {
  /** Clocks of processes may differ by that much. */
  private static final Duration SKEW = World.MOST_SKEW.multipliedBy(2);

  private final World world;
  private final Ledger ledger;

  Truth(World world, Ledger ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  void judge(Dispatch before, Dispatch after, Story story) {
    switch (after.state()) {
      case DispatchState.Stopping stopping -> {
        if (!(before.state() instanceof DispatchState.Stopping)) {
          require(mayBeStopped(before, stopping.why(), story), after, "is stopped for no reason");
        }
      }
      case DispatchState.Ended ended -> judgeEnd(before, after, ended, story);
      case DispatchState.Pending _,
          DispatchState.Provisioning _,
          DispatchState.Running _,
          DispatchState.Completing _ -> {}
    }
  }

  private void require(boolean holds, Dispatch dispatch, String what) {
    if (!holds) {
      ledger.violated(12, dispatch.id() + " " + what + ": " + dispatch.state());
    }
  }

  private boolean hasCome(Instant instant) {
    return !world.timeline().instant().plus(SKEW).isBefore(instant);
  }

  private boolean mayBeStopped(Dispatch before, Failure why, Story story) {
    return switch (why.cause()) {
      case CANCELLED -> !story.sentCancels.isEmpty();
      case TIMEOUT -> before.deadline().filter(this::hasCome).isPresent();
      case EXPIRED -> hasCome(before.expiresAt());
      case TASK_LOST ->
          before.state() instanceof DispatchState.Running running
              && hasCome(running.heardAt().plus(Dispatch.SILENCE));
      case TASK_FAILED_TO_START ->
          before.state() instanceof DispatchState.Provisioning s
              && hasCome(s.launch().at().plus(Dispatch.START_LATENCY));
      case INTERNAL -> story.poisoned;
      default -> false;
    };
  }

  private void judgeEnd(Dispatch before, Dispatch after, DispatchState.Ended ended, Story story) {
    Optional<String> arn = ended.launch().flatMap(Launch::taskArn);
    // Else the end of a second task, which only found that the job was taken, would do as a cause.
    require(
        story.workers.isEmpty() || arn.filter(story.workers::contains).isPresent(),
        after,
        "ends with another task than " + story.workers + ", which had its job");
    Optional<Story.TaskStory> task = arn.map(story.tasks::get);
    boolean succeeded =
        task.isPresent()
            && task.get().workedTo.equals(Optional.of(Optional.empty()))
            && task.get().exitCode.equals(OptionalInt.of(ContainerContract.EXIT_SUCCESS));
    if (ended.failure().isEmpty()) {
      require(succeeded, after, "is a success that was none");
      return;
    }
    Failure failure = ended.failure().get();
    if (before.state() instanceof DispatchState.Stopping stopping) {
      // Judged when it was asked for; a recorded stop decides the end.
      require(stopping.why().cause() == failure.cause(), after, "ends by another cause");
      return;
    }
    boolean forgotten =
        failure.cause() == Cause.TASK_LOST && arn.map(this::isForgotten).orElse(true);
    if (forgotten) {
      world.weather().count(Fault.ECS_FORGOTTEN);
    }
    if (story.poisoned && failure.cause() == Cause.TASK_LOST) {
      ledger.require(!isGentle(), 19, after.id() + " was poison and was only lost");
    }
    require(!succeeded || forgotten, after, "is a failure, though it had succeeded");
    require(forgotten || isTrue(failure, before, ended, story, task), after, "has no true cause");
  }

  /** Whether nothing went wrong with calls, so that messages count what they should. */
  private boolean isGentle() {
    return world.weather().hits().keySet().stream()
        .noneMatch(
            fault ->
                fault.name().startsWith("CALL")
                    || fault.name().startsWith("PROCESS")
                    || fault == Fault.SERVICE_DOWN
                    || fault == Fault.DYNAMODB_CONFLICT);
  }

  /** Whether ECS no longer tells of the task: it stopped more than an hour ago. */
  private boolean isForgotten(String arn) {
    return world.ecs().tasks().stream().noneMatch(task -> task.arn().equals(arn));
  }

  private boolean isTrue(
      Failure failure,
      Dispatch before,
      DispatchState.Ended ended,
      Story story,
      Optional<Story.TaskStory> task) {
    return switch (failure.cause()) {
      case CANCELLED -> !story.sentCancels.isEmpty();
      case EXPIRED -> hasCome(before.expiresAt());
      case NO_CAPACITY -> story.noCapacity >= Lifecycle.MAX_ATTEMPTS;
      case LAUNCH_FAILED -> story.refused > 0;
      case INTERNAL -> story.poisoned || task.filter(Truth::exitedUntold).isPresent();
      case TIMEOUT -> task.filter(t -> t.timedOut).isPresent();
      case OUT_OF_MEMORY -> task.filter(t -> t.outOfMemory).isPresent();
      case SPOT_INTERRUPTION ->
          task.flatMap(t -> t.endedByPlatform).equals(Optional.of(Fault.ECS_SPOT_INTERRUPTION));
      case TASK_TERMINATED ->
          task.filter(t -> t.endedByPlatform.isPresent() || isKilled(t)).isPresent();
      case TASK_FAILED_TO_START -> task.filter(t -> t.failedToStart || !t.worked).isPresent();
      case AGENT_ERROR, MODEL_OVERLOADED ->
          task.flatMap(t -> t.workedTo)
              .flatMap(end -> end)
              .filter(end -> end.cause() == failure.cause())
              .isPresent();
      // Nothing was ever started for it, as far as anybody can know.
      case TASK_LOST -> ended.launch().flatMap(Launch::taskArn).isEmpty();
      default -> false;
    };
  }

  private static boolean isKilled(Story.TaskStory task) {
    return task.exitCode.equals(OptionalInt.of(ContainerContract.EXIT_KILLED));
  }

  private static boolean exitedUntold(Story.TaskStory task) {
    return task.exitCode.isPresent() && task.exitCode.getAsInt() != ContainerContract.EXIT_SUCCESS;
  }
}
