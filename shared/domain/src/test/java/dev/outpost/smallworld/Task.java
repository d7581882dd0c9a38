package dev.outpost.smallworld;

import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A task on the platform, and what really happens in it.
 *
 * @param id whose it is
 * @param attempt of which launch
 * @param number tells the tasks of a world apart
 * @param since when it was started
 * @param phase where it is
 * @param stopAsked whether StopTask was called for it
 * @param worked whether its agent began to work
 * @param done what its agent's work came to: empty before that
 * @param exit its container's exit code
 * @param stoppedAt when it stopped
 */
record Task(
    DispatchId id,
    int attempt,
    int number,
    Instant since,
    Phase phase,
    boolean stopAsked,
    boolean worked,
    Optional<Boolean> done,
    OptionalInt exit,
    Optional<Instant> stoppedAt) {
  /** So long the platform tells of a task that has stopped. */
  private static final Duration TOLD_OF = Duration.ofHours(1);

  /** So long the platform may not know its newest tasks. */
  private static final Duration HIDDEN = Duration.ofMinutes(2);

  enum Phase {
    STARTING,
    UP,
    STOPPED
  }

  static Task started(DispatchId id, int attempt, int number, Instant now) {
    return new Task(
        id,
        attempt,
        number,
        now,
        Phase.STARTING,
        false,
        false,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  String arn() {
    return "task/" + number;
  }

  boolean isAlive() {
    return phase != Phase.STOPPED;
  }

  boolean isWorking() {
    return worked && isAlive();
  }

  boolean succeeded() {
    return done.equals(Optional.of(true)) && exit.equals(OptionalInt.of(0));
  }

  boolean isToldOf(Instant now) {
    return stoppedAt.isEmpty() || !now.isAfter(stoppedAt.get().plus(TOLD_OF));
  }

  boolean mayBeHidden(Instant now) {
    return now.isBefore(since.plus(HIDDEN));
  }

  Task up() {
    return new Task(id, attempt, number, since, Phase.UP, stopAsked, worked, done, exit, stoppedAt);
  }

  Task asked() {
    return new Task(id, attempt, number, since, phase, true, worked, done, exit, stoppedAt);
  }

  Task working() {
    return new Task(id, attempt, number, since, phase, stopAsked, true, done, exit, stoppedAt);
  }

  Task done(boolean well) {
    return new Task(
        id, attempt, number, since, phase, stopAsked, worked, Optional.of(well), exit, stoppedAt);
  }

  Task stopped(OptionalInt code, Instant now) {
    return new Task(
        id, attempt, number, since, Phase.STOPPED, stopAsked, worked, done, code, Optional.of(now));
  }

  /** As the platform tells that it runs. */
  DispatchEvent.Launched launched(Instant now) {
    return new DispatchEvent.Launched(attempt, arn(), now);
  }

  /** As the platform tells that it has stopped; the same however often it is asked. */
  DispatchEvent.TaskStopped event() {
    Optional<Failure> why = Optional.empty();
    if (stopAsked) {
      why = Optional.of(new Failure(Cause.TASK_TERMINATED, "stopped by a call"));
    } else if (exit.isEmpty()) {
      why = Optional.of(new Failure(Cause.TASK_FAILED_TO_START, "no image"));
    }
    return new DispatchEvent.TaskStopped(
        OptionalInt.of(attempt), arn(), stoppedAt.orElseThrow(), exit, why);
  }
}
