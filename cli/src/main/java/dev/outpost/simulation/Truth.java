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
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

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
      case DispatchState.Completing completing -> {
        if (!(before.state() instanceof DispatchState.Completing)) {
          require(isTold(completing, story), after, "has a result that its task never had");
        }
      }
      case DispatchState.Stopping stopping -> {
        if (!(before.state() instanceof DispatchState.Stopping)) {
          require(!world.weather().isFair(), after, "is stopped, and nothing went wrong");
          require(mayBeStopped(before, stopping.why(), story), after, "is stopped for no reason");
        }
      }
      case DispatchState.Ended ended -> judgeEnd(before, after, ended, story);
      case DispatchState.Pending _, DispatchState.Provisioning _, DispatchState.Running _ -> {}
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

  /** Whether the record's result is how the work of its task ended. */
  private static boolean isTold(DispatchState.Completing completing, Story story) {
    Optional<Cause> told = completing.result().failure().map(Failure::cause);
    return completing
        .launch()
        .taskArn()
        .map(story.tasks::get)
        .flatMap(task -> task.workedTo)
        .filter(end -> end.map(Failure::cause).equals(told))
        .isPresent();
  }

  private boolean mayBeStopped(Dispatch before, Failure why, Story story) {
    return switch (why.cause()) {
      case CANCELLED -> !story.sentCancels.isEmpty();
      case TIMEOUT -> Bounds.deadline(before).filter(this::hasCome).isPresent();
      case TASK_LOST ->
          before.state() instanceof DispatchState.Running running
              && hasCome(running.heardAt().plus(Bounds.HEARD));
      case TASK_FAILED_TO_START ->
          before.state() instanceof DispatchState.Provisioning s
              && hasCome(s.launch().at().plus(Bounds.STARTED));
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
    require(
        story.workers.stream().noneMatch(world.fargate().running()::contains),
        after,
        "ends while its agent works");
    Optional<Story.TaskStory> task = arn.map(story.tasks::get);
    boolean succeeded =
        task.isPresent()
            && task.get().told.equals(Optional.of(Optional.empty()))
            && task.get().exitCode.equals(OptionalInt.of(ContainerContract.EXIT_SUCCESS));
    if (ended.failure().isEmpty()) {
      require(succeeded, after, "is a success that was none");
      return;
    }
    Failure failure = ended.failure().get();
    require(
        !world.weather().isFair() || failure.cause() == Cause.EXPIRED,
        after,
        "fails, and nothing went wrong");
    if (before.state() instanceof DispatchState.Stopping stopping) {
      // Judged when it was asked for; a recorded stop decides the end.
      require(stopping.why().cause() == failure.cause(), after, "ends by another cause");
      return;
    }
    require(
        task.flatMap(t -> t.told).isEmpty() || before.state() instanceof DispatchState.Completing,
        after,
        "ends without the result that its task had told");
    boolean forgotten =
        arn.or(() -> startedFor(ended, story)).filter(this::isForgotten).isPresent();
    if (forgotten) {
      world.weather().count(Fault.ECS_FORGOTTEN);
    }
    if (story.poisoned && failure.cause() == Cause.TASK_LOST) {
      ledger.require(!isGentle(), 19, after.id() + " was poison and was only lost");
    }
    require(!succeeded || forgotten, after, "is a failure, though it had succeeded");
    Set<Cause> causes = causes(before, story, task, forgotten);
    require(causes.contains(failure.cause()), after, "has none of the true causes " + causes);
  }

  /** The task that RunTask has started for the launch, though nobody may have noted it. */
  private static Optional<String> startedFor(DispatchState.Ended ended, Story story) {
    return ended.launch().map(launch -> story.startedFor.get(String.valueOf(launch.attempt())));
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

  /** By what one that nobody had asked to stop may have ended, as far as anybody can know. */
  private Set<Cause> causes(
      Dispatch before, Story story, Optional<Story.TaskStory> task, boolean forgotten) {
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    if (before.state() instanceof DispatchState.Pending) {
      add(causes, Cause.CANCELLED, !story.sentCancels.isEmpty());
      add(causes, Cause.EXPIRED, hasCome(Bounds.expiry(before)));
      add(causes, Cause.INTERNAL, story.poisoned);
      return causes;
    }
    Optional<Optional<Failure>> result =
        before.state() instanceof DispatchState.Completing completing
            ? Optional.of(completing.result().failure())
            : Optional.empty();
    if (forgotten) {
      causes.add(result.flatMap(end -> end).map(Failure::cause).orElse(Cause.TASK_LOST));
    }
    if (task.isPresent()) {
      causes.add(cause(task.get(), result, before.state().claim().isPresent()));
    } else {
      add(causes, Cause.NO_CAPACITY, story.noCapacity >= Lifecycle.MAX_ATTEMPTS);
      add(causes, Cause.LAUNCH_FAILED, story.refused > 0);
      add(causes, Cause.TASK_LOST, isNowhere(before, story));
    }
    return causes;
  }

  private static void add(Set<Cause> causes, Cause cause, boolean isTrue) {
    if (isTrue) {
      causes.add(cause);
    }
  }

  /** Whether nothing was ever started for the launch, and nothing can be any more. */
  private boolean isNowhere(Dispatch before, Story story) {
    return before
        .state()
        .launched()
        .filter(launch -> !story.startedFor.containsKey(String.valueOf(launch.attempt())))
        .filter(launch -> hasCome(launch.at().plus(Bounds.LAUNCH_LOST)))
        .isPresent();
  }

  /**
   * By what a task ended: by a platform that says why, else by what it told of itself, else by a
   * platform that only ended it, else by an exit that nobody explains.
   *
   * @param result what the record has of it
   * @param claimed whether it took its job
   */
  private static Cause cause(
      Story.TaskStory task, Optional<Optional<Failure>> result, boolean claimed) {
    if (task.outOfMemory) {
      return Cause.OUT_OF_MEMORY;
    }
    if (task.failedToStart) {
      return Cause.TASK_FAILED_TO_START;
    }
    if (task.endedByPlatform.equals(Optional.of(Fault.ECS_SPOT_INTERRUPTION))) {
      return Cause.SPOT_INTERRUPTION;
    }
    if (result.isPresent()) {
      // One that told a success, and exited as none.
      return result.get().map(Failure::cause).orElse(Cause.INTERNAL);
    }
    if (task.endedByPlatform.isPresent()) {
      return Cause.TASK_TERMINATED;
    }
    return claimed ? Cause.INTERNAL : Cause.TASK_FAILED_TO_START;
  }
}
