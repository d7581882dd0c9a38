package dev.outpost.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One launch of a dispatch: the lease under which its RunTask may be called and repeated.
 *
 * @param attempt its number, from 1; part of the client token, so that a repeat is the same call
 * @param at when the slot was taken
 * @param taskDefinition the task definition, revision included, so that a repeat is byte-identical
 * @param taskArn the task, once it is known
 */
public record Launch(int attempt, Instant at, String taskDefinition, Optional<String> taskArn) {
  /**
   * How long the same RunTask may be repeated. ECS honours a client token for an hour at least;
   * past that the same call might start a second task.
   */
  public static final Duration LEASE = Duration.ofMinutes(50);

  /** Refuses nulls. */
  public Launch {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(taskDefinition, "taskDefinition");
    Objects.requireNonNull(taskArn, "taskArn");
  }

  /** The same launch with its task known. */
  public Launch with(String arn) {
    return new Launch(attempt, at, taskDefinition, Optional.of(arn));
  }

  /** Whether RunTask may still be called for it. */
  public boolean mayRepeat(Instant now) {
    return now.isBefore(at.plus(LEASE));
  }
}
