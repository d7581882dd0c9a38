package dev.outpost.reconcile;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Launch;
import dev.outpost.launch.Runs;
import dev.outpost.launch.Runs.AliveTask;
import java.time.Instant;
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

  /**
   * Stops them.
   *
   * @return how many
   */
  int stop(Instant now) {
    int stopped = 0;
    for (AliveTask task : runs.alive()) {
      // A younger one may be of a launch that is just being noted.
      boolean young = now.isBefore(task.since().plus(Dispatch.LAUNCH_LOOK));
      if (!young && isOrphan(task, dispatches.find(task.dispatch()))) {
        runs.stop(task.taskArn(), "No open dispatch knows this task.");
        stopped++;
      }
    }
    return stopped;
  }

  /** The record is read after the task was seen, so it can't be behind it. */
  private static boolean isOrphan(AliveTask task, Optional<Dispatch> dispatch) {
    if (dispatch.isEmpty()) {
      return true;
    }
    return switch (dispatch.get().state()) {
      case DispatchState.Pending _, DispatchState.Ended _ -> true;
      case DispatchState.Provisioning s -> isOther(task, s.launch());
      case DispatchState.Running s -> isOther(task, s.launch());
      case DispatchState.Completing s -> isOther(task, s.launch());
      case DispatchState.Stopping s -> isOther(task, s.launch());
    };
  }

  private static boolean isOther(AliveTask task, Launch launch) {
    return launch.taskArn().isPresent()
        ? !launch.taskArn().get().equals(task.taskArn())
        : task.attempt().isPresent() && task.attempt().getAsInt() != launch.attempt();
  }
}
