package dev.outpost.reconcile;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Launch;
import dev.outpost.launch.Runs;
import dev.outpost.launch.Runs.AliveTask;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Stops tasks that run for no open dispatch. They can't have its job any more, but they cost money:
 * a RunTask that took effect after everybody had given it up, a second container of one dispatch, a
 * record that was lost with its table. Safe to run twice at once.
 */
final class StopOrphans {
  private final Dispatches dispatches;
  private final Runs runs;

  StopOrphans(Dispatches dispatches, Runs runs) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.runs = Objects.requireNonNull(runs, "runs");
  }

  /** The tasks that may be such; a younger one may be of a launch that is just being noted. */
  List<AliveTask> suspects(Instant now) {
    return runs.alive().stream()
        .filter(task -> !now.isBefore(task.since().plus(Dispatch.LAUNCH_LOOK)))
        .toList();
  }

  /**
   * Stops the task if it is one.
   *
   * @return how many were stopped
   */
  int stop(AliveTask task) {
    if (!isOrphan(task, dispatches.find(task.dispatch()))) {
      return 0;
    }
    runs.stop(task.taskArn(), "No open dispatch knows this task.");
    return 1;
  }

  /**
   * The record is read after the task was seen, so it can't be behind it. Of two tasks of one
   * launch each may still take the job, whichever the record names, until one of them has.
   */
  private static boolean isOrphan(AliveTask task, Optional<Dispatch> dispatch) {
    if (dispatch.isEmpty()) {
      return true;
    }
    return switch (dispatch.get().state()) {
      case DispatchState.Pending _, DispatchState.Ended _ -> true;
      case DispatchState.Provisioning s -> isOfAnotherLaunch(task, s.launch());
      case DispatchState.Running s -> isOther(task, s.launch());
      case DispatchState.Completing s -> isOther(task, s.launch());
      case DispatchState.Stopping s -> isOther(task, s.launch());
    };
  }

  private static boolean isOther(AliveTask task, Launch launch) {
    return launch.taskArn().isPresent()
        ? !launch.taskArn().get().equals(task.taskArn())
        : isOfAnotherLaunch(task, launch);
  }

  private static boolean isOfAnotherLaunch(AliveTask task, Launch launch) {
    return task.attempt().isPresent() && task.attempt().getAsInt() != launch.attempt();
  }
}
