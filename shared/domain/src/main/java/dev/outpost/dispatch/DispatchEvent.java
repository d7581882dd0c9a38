package dev.outpost.dispatch;

import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something that happened to a dispatch, or is asked of it. Any of them may come twice, late, or
 * out of order.
 */
public sealed interface DispatchEvent {

  /**
   * The launcher wants to launch it, and takes a slot.
   *
   * @param at now
   * @param taskDefinition what it will start
   * @param slots how many slots the tenant has
   */
  record Launching(Instant at, String taskDefinition, int slots) implements DispatchEvent {
    /** Refuses nulls. */
    public Launching {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(taskDefinition, "taskDefinition");
    }
  }

  /**
   * A task was started for it, or is seen to exist.
   *
   * @param attempt of which launch
   * @param taskArn the task
   * @param at when it was heard of
   */
  record Launched(int attempt, String taskArn, Instant at) implements DispatchEvent {
    /** Refuses nulls. */
    public Launched {
      Objects.requireNonNull(taskArn, "taskArn");
      Objects.requireNonNull(at, "at");
    }
  }

  /**
   * The platform definitely started nothing, for want of capacity; another attempt may succeed.
   *
   * @param attempt of which launch
   * @param at now
   * @param eligibleAt when to try again
   * @param why what it ends with when there were attempts enough
   */
  record LaunchDeferred(int attempt, Instant at, Instant eligibleAt, Failure why)
      implements DispatchEvent {
    /** Refuses nulls. */
    public LaunchDeferred {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(eligibleAt, "eligibleAt");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * The platform refused to start a task, and would again.
   *
   * @param attempt of which launch
   * @param at now
   * @param why its reason
   */
  record LaunchRefused(int attempt, Instant at, Failure why) implements DispatchEvent {
    /** Refuses nulls. */
    public LaunchRefused {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * A runner wants the job.
   *
   * @param attempt of which launch
   * @param claimed who, and when
   * @param taskArn the task in which it runs, where it knows that. From then on that is the
   *     dispatch's task: if the platform has started two, it is not for us to know which of them
   *     comes first
   */
  record Claiming(int attempt, Claimed claimed, Optional<String> taskArn) implements DispatchEvent {
    /** Refuses nulls. */
    public Claiming {
      Objects.requireNonNull(claimed, "claimed");
      Objects.requireNonNull(taskArn, "taskArn");
    }

    /** By a runner that does not know its task. */
    public Claiming(int attempt, Claimed claimed) {
      this(attempt, claimed, Optional.empty());
    }
  }

  /**
   * The runner was heard.
   *
   * @param attempt of which launch
   * @param at now
   * @param progress how far it is
   * @param usage what was consumed so far, where it is known
   */
  record Heard(int attempt, Instant at, Progress progress, Optional<Usage> usage)
      implements DispatchEvent {
    /** Refuses nulls. */
    public Heard {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(usage, "usage");
    }
  }

  /**
   * The runner told its result.
   *
   * @param attempt of which launch
   * @param at now
   * @param result the result
   */
  record Finished(int attempt, Instant at, RunResult result) implements DispatchEvent {
    /** Refuses nulls. */
    public Finished {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(result, "result");
    }
  }

  /**
   * Somebody who may wants it ended.
   *
   * @param at now
   * @param why what it will end with
   * @param decidedIn the status in which it was decided, when only that one justifies it: a task
   *     that is late to start is not to be stopped when it has started meanwhile
   */
  record StopAsked(Instant at, Failure why, Optional<Status> decidedIn) implements DispatchEvent {
    /** Refuses nulls. */
    public StopAsked {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(decidedIn, "decidedIn");
    }

    /** Whatever its state is by then. */
    public StopAsked(Instant at, Failure why) {
      this(at, why, Optional.empty());
    }
  }

  /**
   * Its task has stopped.
   *
   * @param attempt of which launch, where the task tells
   * @param taskArn the task
   * @param at when it stopped, by the platform's clock
   * @param exitCode the container's exit code; empty when it never ran
   * @param failure what the platform says of the stop where that explains it better than the exit
   *     code: capacity taken back, image not pulled, memory used up
   */
  record TaskStopped(
      OptionalInt attempt,
      String taskArn,
      Instant at,
      OptionalInt exitCode,
      Optional<Failure> failure)
      implements DispatchEvent {
    /** Refuses nulls. */
    public TaskStopped {
      Objects.requireNonNull(attempt, "attempt");
      Objects.requireNonNull(taskArn, "taskArn");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(exitCode, "exitCode");
      Objects.requireNonNull(failure, "failure");
    }
  }

  /**
   * The platform, asked, knows no task of it, and has had time enough to.
   *
   * @param attempt of which launch
   * @param at now
   */
  record TaskGone(int attempt, Instant at) implements DispatchEvent {
    /** Refuses null. */
    public TaskGone {
      Objects.requireNonNull(at, "at");
    }
  }
}
