package dev.outpost.dispatch;

import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a dispatch is in its life. What a state knows, it carries. */
public sealed interface DispatchState {

  /**
   * It waits for a slot.
   *
   * @param attempt the number of its next launch, from 1
   * @param eligibleAt when it may be launched at the soonest
   */
  record Pending(int attempt, Instant eligibleAt) implements DispatchState {
    /** Refuses null. */
    public Pending {
      Objects.requireNonNull(eligibleAt, "eligibleAt");
    }
  }

  /**
   * It holds a slot, and a task is being started for it.
   *
   * @param launch the launch
   */
  record Provisioning(Launch launch) implements DispatchState {
    /** Refuses null. */
    public Provisioning {
      Objects.requireNonNull(launch, "launch");
    }
  }

  /**
   * A runner works on it.
   *
   * @param launch the launch
   * @param claimed who took the job, and when
   * @param progress how far it is
   * @param usage what was consumed so far, where it is known
   * @param heardAt when the runner was last heard, to {@link Lifecycle#HEARD_EVERY}
   */
  record Running(
      Launch launch, Claimed claimed, Progress progress, Optional<Usage> usage, Instant heardAt)
      implements DispatchState {
    /** Refuses nulls. */
    public Running {
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(claimed, "claimed");
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(usage, "usage");
      Objects.requireNonNull(heardAt, "heardAt");
    }

    /** From when on its runner counts as lost, unless it is heard before. */
    public Instant silentAt() {
      return heardAt.plus(Dispatch.SILENCE);
    }
  }

  /**
   * The runner told its result; the container's exit is still to be seen.
   *
   * @param launch the launch
   * @param claimed who took the job, and when
   * @param result what the runner told
   * @param at when
   */
  record Completing(Launch launch, Claimed claimed, RunResult result, Instant at)
      implements DispatchState {
    /** Refuses nulls. */
    public Completing {
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(claimed, "claimed");
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(at, "at");
    }
  }

  /**
   * It is being stopped: whatever its task does now, the dispatch will end for this reason.
   *
   * @param launch the launch; its task may still be unknown, which is why a launched dispatch never
   *     goes straight to its end
   * @param claimed who took the job, if anybody had
   * @param why the failure that it will end with
   * @param result what the runner told, if it did
   * @param at when the stop was asked for
   */
  record Stopping(
      Launch launch, Optional<Claimed> claimed, Failure why, Optional<RunResult> result, Instant at)
      implements DispatchState {
    /** Refuses nulls. */
    public Stopping {
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(claimed, "claimed");
      Objects.requireNonNull(why, "why");
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(at, "at");
    }
  }

  /**
   * It is over, for ever.
   *
   * @param launch the last launch, if there was one
   * @param claimed who took the job, if anybody had
   * @param at when it ended
   * @param failure why it was no success; empty for a success
   * @param exitCode the agent's exit code, or else the container's, where one was seen
   * @param result what the runner told, if it did
   */
  record Ended(
      Optional<Launch> launch,
      Optional<Claimed> claimed,
      Instant at,
      Optional<Failure> failure,
      OptionalInt exitCode,
      Optional<RunResult> result)
      implements DispatchState {
    /** Refuses nulls. */
    public Ended {
      Objects.requireNonNull(launch, "launch");
      Objects.requireNonNull(claimed, "claimed");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(failure, "failure");
      Objects.requireNonNull(exitCode, "exitCode");
      Objects.requireNonNull(result, "result");
    }
  }

  /** The launch that this state belongs to, if any. */
  default Optional<Launch> launched() {
    return switch (this) {
      case Pending _ -> Optional.empty();
      case Provisioning s -> Optional.of(s.launch());
      case Running s -> Optional.of(s.launch());
      case Completing s -> Optional.of(s.launch());
      case Stopping s -> Optional.of(s.launch());
      case Ended s -> s.launch();
    };
  }

  /** Who took the job, and when, if anybody has. */
  default Optional<Claimed> claim() {
    return switch (this) {
      case Pending _, Provisioning _ -> Optional.empty();
      case Running s -> Optional.of(s.claimed());
      case Completing s -> Optional.of(s.claimed());
      case Stopping s -> s.claimed();
      case Ended s -> s.claimed();
    };
  }

  /**
   * When it began, for those who are told of it.
   *
   * @param createdAt when its dispatch was accepted: one that waits again has no other time
   */
  default Instant begin(Instant createdAt) {
    return switch (this) {
      case Pending _ -> createdAt;
      case Provisioning s -> s.launch().at();
      case Running s -> s.claimed().at();
      case Completing s -> s.at();
      case Stopping s -> s.at();
      case Ended s -> s.at();
    };
  }

  /** What its runner told at its end, if it did. */
  default Optional<RunResult> told() {
    return switch (this) {
      case Pending _, Provisioning _, Running _ -> Optional.empty();
      case Completing s -> Optional.of(s.result());
      case Stopping s -> s.result();
      case Ended s -> s.result();
    };
  }

  /** Whether a dispatch in this state holds one of its tenant's slots: launched and not ended. */
  default boolean holdsSlot() {
    return switch (this) {
      case Pending _, Ended _ -> false;
      case Provisioning _, Running _, Completing _, Stopping _ -> true;
    };
  }

  /** Whether nothing can change any more. */
  default boolean isTerminal() {
    return this instanceof Ended;
  }

  /** The name that clients see. The only place where states become statuses. */
  default Status status() {
    return switch (this) {
      case Pending _ -> Status.PENDING;
      case Provisioning _ -> Status.PROVISIONING;
      case Running _ -> Status.RUNNING;
      case Completing _, Stopping _ -> Status.COMPLETING;
      case Ended ended -> Status.ofEnd(ended.failure());
    };
  }
}
