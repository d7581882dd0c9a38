package dev.outpost.run;

import java.util.Locale;
import java.util.Optional;

/**
 * Why a dispatch did not end in success: one typed word for every agent and every platform fault.
 *
 * <p>The wire name (in the API, the tables and the artifacts) is the constant in lower case.
 */
public enum Cause {
  /** The agent ran and ended with an error of its own. */
  AGENT_ERROR(false),
  /** The model's provider refused the credential. */
  MODEL_AUTH(false),
  /** The model's provider is overloaded. */
  MODEL_OVERLOADED(true),
  /** The model's provider does not know the model. */
  MODEL_NOT_FOUND(false),
  /** The model's provider refused for its rate limit. */
  RATE_LIMITED(true),
  /** The dispatch's own budget was used up. */
  BUDGET_EXCEEDED(false),
  /** The dispatch's time was up. */
  TIMEOUT(false),
  /** Somebody cancelled the dispatch. */
  CANCELLED(false),
  /** The container was killed for its memory use. */
  OUT_OF_MEMORY(false),
  /** The repository could not be cloned, for another reason than its absence. */
  CLONE_FAILED(true),
  /** The repository or the branch does not exist, or the installation may not see it. */
  REPO_NOT_FOUND(false),
  /** A secret of the tenant's that the dispatch names was deleted before the run began. */
  SECRET_MISSING(false),
  /**
   * What a follow-up builds on is not to be had: its base commit is gone from the repository, or
   * its parent's change is gone or does not apply there.
   */
  FOLLOW_UP_FAILED(false),
  /** The agent was to return data, and what it returned is not what the client's schema wants. */
  OUTPUT_INVALID(false),
  /** A branch could not be pushed. */
  PUSH_FAILED(true),
  /** The platform refused to start a task, definitely. */
  LAUNCH_FAILED(true),
  /** The platform had no room for the task, however often it was asked. */
  NO_CAPACITY(true),
  /** The task stopped before its container ran, e.g. its image could not be pulled. */
  TASK_FAILED_TO_START(true),
  /** The platform took its spot capacity back. */
  SPOT_INTERRUPTION(true),
  /** The platform retired the host or otherwise ended the task. */
  TASK_TERMINATED(true),
  /** The task is gone and nothing tells how it ended. */
  TASK_LOST(true),
  /** The dispatch was still waiting when its {@code expiresAt} came. */
  EXPIRED(true),
  /** A fault of Outpost itself. */
  INTERNAL(true);

  private final boolean retryable;

  Cause(boolean retryable) {
    this.retryable = retryable;
  }

  /** Whether the same dispatch, sent again unchanged, has a fair chance to succeed. */
  public boolean retryable() {
    return retryable;
  }

  /** The name used in the API, in tables and in artifacts. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The cause of that wire name, or empty for a word that is none. */
  public static Optional<Cause> of(String wire) {
    for (Cause cause : values()) {
      if (cause.wire().equals(wire)) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }
}
