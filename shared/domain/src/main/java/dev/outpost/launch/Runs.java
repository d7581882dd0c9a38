package dev.outpost.launch;

import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** The platform that runs tasks. Safe for use by many threads. */
public interface Runs {
  /**
   * The newest task definition of an agent, revision included; empty when the platform definitely
   * has none. May throw an unchecked exception.
   */
  Optional<String> taskDefinition(String agent);

  /**
   * Starts the task of an order. The same order is the same call: however often it is made within
   * {@link dev.outpost.dispatch.Launch#LEASE}, one task exists.
   */
  Start start(Order order);

  /**
   * Asks a task to stop; one that is gone needs no asking. May throw an unchecked exception.
   *
   * @param why a sentence for the platform's records
   */
  void stop(String taskArn, String why);

  /** What the platform knows of a launched dispatch's task. May throw an unchecked exception. */
  Sighting find(Dispatch dispatch);

  /**
   * Every task of ours that runs or is about to: to be asked for now and then, not for each
   * dispatch. May throw an unchecked exception.
   */
  List<AliveTask> alive();

  /**
   * A task that has not stopped.
   *
   * @param taskArn the task
   * @param dispatch the dispatch that it says it is for
   * @param attempt which launch of that, if it tells
   * @param since when it was asked for
   */
  record AliveTask(String taskArn, DispatchId dispatch, OptionalInt attempt, Instant since) {
    /** Refuses nulls. */
    public AliveTask {
      Objects.requireNonNull(taskArn, "taskArn");
      Objects.requireNonNull(dispatch, "dispatch");
      Objects.requireNonNull(attempt, "attempt");
      Objects.requireNonNull(since, "since");
    }
  }

  /**
   * What is to be started.
   *
   * @param id the dispatch
   * @param attempt which launch
   * @param taskDefinition the definition, revision included
   * @param claimToken the one-time word by which the task's runner gets its job
   * @param size CPU, memory and disk where they differ from the definition's
   */
  record Order(
      DispatchId id,
      int attempt,
      String taskDefinition,
      String claimToken,
      Optional<TaskSize> size) {
    /** Refuses nulls. */
    public Order {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(taskDefinition, "taskDefinition");
      Objects.requireNonNull(claimToken, "claimToken");
      Objects.requireNonNull(size, "size");
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
      return "Order[" + id + "#" + attempt + " " + taskDefinition + "]";
    }
  }

  /** What came of a start. */
  sealed interface Start {
    /** A task exists. */
    record Started(String taskArn) implements Start {}

    /** Definitely no task exists; there was no room. */
    record NoCapacity(Failure why) implements Start {}

    /** Definitely no task exists, and the same order would be refused again. */
    record Refused(Failure why) implements Start {}

    /** Nobody knows: the same order must be given again. */
    record Unknown(String why) implements Start {}
  }

  /** What is to be seen of a dispatch's task. */
  sealed interface Sighting {
    /** It exists and has not stopped. */
    record Alive(OptionalInt attempt, String taskArn) implements Sighting {}

    /** It has stopped. */
    record Stopped(TaskStopped event) implements Sighting {}

    /**
     * The platform knows none. Just after a launch, or an hour after a stop, that proves nothing.
     */
    record None() implements Sighting {}
  }
}
