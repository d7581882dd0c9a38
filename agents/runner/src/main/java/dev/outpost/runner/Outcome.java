package dev.outpost.runner;

import dev.outpost.run.Cause;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What came of a run; every text is scrubbed.
 *
 * @param failure why it was no success
 * @param exitCode the agent's, where it ran
 * @param summary its last words, whole
 * @param usage what it consumed, where it is known
 * @param output the data that it returned, where any was wanted
 */
record Outcome(
    Optional<Failure> failure,
    OptionalInt exitCode,
    String summary,
    Optional<Usage> usage,
    Optional<StructuredOutput.Found.Valid> output) {
  /** A run that failed before or beside its agent. */
  static Outcome failed(Failure failure) {
    return new Outcome(
        Optional.of(failure), OptionalInt.empty(), "", Optional.empty(), Optional.empty());
  }

  /** The same, failed for a reason unless it already was. */
  Outcome failedBy(Failure other) {
    return failure.isPresent()
        ? this
        : new Outcome(Optional.of(other), exitCode, summary, usage, Optional.empty());
  }

  /** The same with data. */
  Outcome with(StructuredOutput.Found.Valid data) {
    return new Outcome(failure, exitCode, summary, usage, Optional.of(data));
  }

  /** One word for it, as the dispatch's status will be. */
  String word() {
    return switch (failure.map(Failure::cause).orElse(null)) {
      case null -> "success";
      case TIMEOUT -> "timeout";
      case CANCELLED -> "cancelled";
      default -> "failed";
    };
  }

  /** The runner's exit code for it. */
  int runnerExit() {
    return switch (failure.map(Failure::cause).orElse(null)) {
      case null -> ContainerContract.EXIT_SUCCESS;
      case TIMEOUT -> ContainerContract.EXIT_TIMEOUT;
      case CANCELLED, TASK_TERMINATED -> ContainerContract.EXIT_STOPPED;
      case Cause _ -> ContainerContract.EXIT_FAILED;
    };
  }
}
