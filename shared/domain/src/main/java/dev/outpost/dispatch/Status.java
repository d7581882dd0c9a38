package dev.outpost.dispatch;

import dev.outpost.run.Failure;
import java.util.Locale;
import java.util.Optional;

/** A dispatch's status as clients see it. */
public enum Status {
  /** Accepted; waits for a slot. */
  PENDING,
  /** A task is being started. */
  PROVISIONING,
  /** The agent works. */
  RUNNING,
  /** The result is in, or a stop was asked for; the task is about to end. */
  COMPLETING,
  /** Ended: the agent did what it was asked. */
  SUCCESS,
  /** Ended: it did not; the cause says why. */
  FAILED,
  /** Ended: its time was up. */
  TIMEOUT,
  /** Ended: somebody cancelled it. */
  CANCELLED;

  /** The name in API and tables. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is one of the last four. */
  public boolean isTerminal() {
    return switch (this) {
      case PENDING, PROVISIONING, RUNNING, COMPLETING -> false;
      case SUCCESS, FAILED, TIMEOUT, CANCELLED -> true;
    };
  }

  /** The status of that name, or empty. */
  public static Optional<Status> of(String wire) {
    for (Status status : values()) {
      if (status.wire().equals(wire)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /** The status of a dispatch that ended with that failure, or with none. */
  static Status ofEnd(Optional<Failure> failure) {
    if (failure.isEmpty()) {
      return SUCCESS;
    }
    return switch (failure.get().cause()) {
      case TIMEOUT, EXPIRED -> TIMEOUT;
      case CANCELLED -> CANCELLED;
      case AGENT_ERROR,
          MODEL_AUTH,
          MODEL_OVERLOADED,
          MODEL_NOT_FOUND,
          RATE_LIMITED,
          BUDGET_EXCEEDED,
          OUT_OF_MEMORY,
          CLONE_FAILED,
          REPO_NOT_FOUND,
          SECRET_MISSING,
          FOLLOW_UP_FAILED,
          OUTPUT_INVALID,
          PUSH_FAILED,
          LAUNCH_FAILED,
          NO_CAPACITY,
          TASK_FAILED_TO_START,
          SPOT_INTERRUPTION,
          TASK_TERMINATED,
          TASK_LOST,
          INTERNAL ->
          FAILED;
    };
  }
}
