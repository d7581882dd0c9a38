package dev.outpost.dispatch;

import dev.outpost.dispatch.DispatchEvent.Claiming;
import dev.outpost.dispatch.DispatchEvent.Finished;
import dev.outpost.dispatch.DispatchEvent.Heard;
import dev.outpost.dispatch.DispatchEvent.LaunchDeferred;
import dev.outpost.dispatch.DispatchEvent.LaunchRefused;
import dev.outpost.dispatch.DispatchEvent.Launched;
import dev.outpost.dispatch.DispatchEvent.Launching;
import dev.outpost.dispatch.DispatchEvent.StopAsked;
import dev.outpost.dispatch.DispatchEvent.TaskGone;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchState.Completing;
import dev.outpost.dispatch.DispatchState.Ended;
import dev.outpost.dispatch.DispatchState.Pending;
import dev.outpost.dispatch.DispatchState.Provisioning;
import dev.outpost.dispatch.DispatchState.Running;
import dev.outpost.dispatch.DispatchState.Stopping;
import dev.outpost.dispatch.Transition.Ignored;
import dev.outpost.dispatch.Transition.Refused;
import dev.outpost.dispatch.Transition.To;
import dev.outpost.run.Cause;
import dev.outpost.run.ContainerContract;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one table of a dispatch's transitions: a pure function of a state and an event.
 *
 * <p>Why it holds against any order and repetition: an event names the launch it is about, and one
 * about another launch changes nothing; a stop, once recorded, decides the end whatever comes
 * after; only the stop of the task (or the proof that there is none) ends what was launched, and an
 * end absorbs everything.
 */
public final class Lifecycle {
  /** How many launches are tried before a want of capacity becomes a failure. */
  public static final int MAX_ATTEMPTS = 12;

  /** A running dispatch that tells nothing new is written this often, for its write costs money. */
  public static final Duration HEARD_EVERY = Duration.ofMinutes(5);

  /** A rise of progress, in percent, that is worth a write: five of them make a whole run. */
  public static final int TELLING_PROGRESS = 15;

  private static final Ignored DUPLICATE = new Ignored("nothing new");
  private static final Ignored OTHER_LAUNCH = new Ignored("about another launch");
  private static final Ignored MOVED_ON = new Ignored("decided in a state that is over");
  private static final Ignored HEARD_SINCE = new Ignored("its runner was heard since");
  private static final Ignored TOO_LATE = new Ignored("the runner has the job");
  private static final Refused ENDED = new Refused("the dispatch has ended");

  private Lifecycle() {}

  /** What becomes of a dispatch in that state by that event. */
  public static Transition on(DispatchState state, DispatchEvent event) {
    if (event instanceof StopAsked stop
        && stop.decidedIn().filter(status -> status != state.status()).isPresent()) {
      return MOVED_ON;
    }
    return switch (state) {
      case Pending s -> on(s, event);
      case Provisioning s -> on(s, event);
      case Running s -> on(s, event);
      case Completing s -> on(s, event);
      case Stopping s -> on(s, event);
      case Ended _ -> onEnded(event);
    };
  }

  private static Transition on(Pending state, DispatchEvent event) {
    return switch (event) {
      case Launching e ->
          e.at().isBefore(state.eligibleAt())
              ? new Refused("not before " + state.eligibleAt())
              : new To(
                  new Provisioning(
                      new Launch(state.attempt(), e.at(), e.taskDefinition(), Optional.empty())));
      case StopAsked e ->
          new To(
              new Ended(
                  Optional.empty(),
                  Optional.empty(),
                  e.at(),
                  Optional.of(e.why()),
                  OptionalInt.empty(),
                  Optional.empty()));
      case Launched _, LaunchDeferred _, LaunchRefused _, TaskStopped _, TaskGone _ -> OTHER_LAUNCH;
      case Claiming _, Heard _, Finished _ -> new Refused("the dispatch is not launched");
    };
  }

  private static Transition on(Provisioning state, DispatchEvent event) {
    Launch launch = state.launch();
    return switch (event) {
      case Launching _ -> DUPLICATE;
      case Launched e -> {
        Optional<Launch> known = learn(launch, e);
        yield known.isPresent() ? new To(new Provisioning(known.get())) : DUPLICATE;
      }
      case LaunchDeferred e -> {
        if (!mayBeWithoutTask(launch, e.attempt())) {
          yield OTHER_LAUNCH;
        }
        yield launch.attempt() < MAX_ATTEMPTS
            ? new To(new Pending(launch.attempt() + 1, e.eligibleAt()))
            : new To(unstarted(launch, e.at(), e.why()));
      }
      case LaunchRefused e ->
          mayBeWithoutTask(launch, e.attempt())
              ? new To(unstarted(launch, e.at(), e.why()))
              : OTHER_LAUNCH;
      case Claiming e ->
          e.attempt() == launch.attempt()
              ? new To(
                  new Running(
                      claimedBy(launch, e),
                      e.claimed(),
                      new Progress(5, "preparing"),
                      Optional.empty(),
                      e.claimed().at()))
              : new Refused("the claim is for another launch");
      case Heard _, Finished _ -> new Refused("the job was not claimed");
      case StopAsked e ->
          new To(new Stopping(launch, Optional.empty(), e.why(), Optional.empty(), e.at()));
      case TaskStopped e ->
          isOf(launch, e)
              ? new To(ended(launch, Optional.empty(), Optional.empty(), Optional.empty(), e))
              : OTHER_LAUNCH;
      case TaskGone e ->
          e.attempt() == launch.attempt()
              ? new To(unstarted(launch, e.at(), lost()))
              : OTHER_LAUNCH;
    };
  }

  private static Transition on(Running state, DispatchEvent event) {
    Launch launch = state.launch();
    return switch (event) {
      case Launching _ -> DUPLICATE;
      case Launched e -> {
        Optional<Launch> known = learn(launch, e);
        yield known.isPresent()
            ? new To(
                new Running(
                    known.get(), state.claimed(), state.progress(), state.usage(), state.heardAt()))
            : DUPLICATE;
      }
      case LaunchDeferred _, LaunchRefused _ -> TOO_LATE;
      case Claiming e ->
          e.attempt() == launch.attempt()
                  && e.claimed().claimant().equals(state.claimed().claimant())
              ? DUPLICATE
              : new Refused("another runner has the job");
      case Heard e -> {
        if (e.attempt() != launch.attempt()) {
          yield new Refused("the report is for another launch");
        }
        boolean tells =
            e.progress().percent() >= state.progress().percent() + TELLING_PROGRESS
                || !e.at().isBefore(state.heardAt().plus(HEARD_EVERY));
        yield tells
            ? new To(
                new Running(
                    launch,
                    state.claimed(),
                    e.progress().percent() >= state.progress().percent()
                        ? e.progress()
                        : state.progress(),
                    e.usage().isPresent() ? e.usage() : state.usage(),
                    e.at()))
            : DUPLICATE;
      }
      case Finished e ->
          e.attempt() == launch.attempt()
              ? new To(new Completing(launch, state.claimed(), e.result(), e.at()))
              : new Refused("the report is for another launch");
      case StopAsked e ->
          e.why().cause() == Cause.TASK_LOST && e.at().isBefore(state.silentAt())
              ? HEARD_SINCE
              : new To(
                  new Stopping(
                      launch, Optional.of(state.claimed()), e.why(), Optional.empty(), e.at()));
      case TaskStopped e ->
          isOf(launch, e)
              ? new To(
                  ended(
                      launch, Optional.of(state.claimed()), Optional.empty(), Optional.empty(), e))
              : OTHER_LAUNCH;
      case TaskGone e ->
          e.attempt() == launch.attempt()
              ? new To(gone(launch, Optional.of(state.claimed()), e.at(), lost(), Optional.empty()))
              : OTHER_LAUNCH;
    };
  }

  private static Transition on(Completing state, DispatchEvent event) {
    Launch launch = state.launch();
    return switch (event) {
      case Launching _ -> DUPLICATE;
      case Launched e -> {
        Optional<Launch> known = learn(launch, e);
        yield known.isPresent()
            ? new To(new Completing(known.get(), state.claimed(), state.result(), state.at()))
            : DUPLICATE;
      }
      case LaunchDeferred _, LaunchRefused _ -> TOO_LATE;
      case Claiming _ -> new Refused("the job is done");
      case Heard e -> sameLaunch(launch, e.attempt());
      case Finished e -> sameLaunch(launch, e.attempt());
      case StopAsked e ->
          new To(
              new Stopping(
                  launch,
                  Optional.of(state.claimed()),
                  e.why(),
                  Optional.of(state.result()),
                  e.at()));
      case TaskStopped e ->
          isOf(launch, e)
              ? new To(
                  ended(
                      launch,
                      Optional.of(state.claimed()),
                      Optional.empty(),
                      Optional.of(state.result()),
                      e))
              : OTHER_LAUNCH;
      case TaskGone e ->
          e.attempt() == launch.attempt()
              ? new To(
                  gone(
                      launch,
                      Optional.of(state.claimed()),
                      e.at(),
                      state.result().failure().orElseGet(Lifecycle::lost),
                      Optional.of(state.result())))
              : OTHER_LAUNCH;
    };
  }

  private static Transition on(Stopping state, DispatchEvent event) {
    Launch launch = state.launch();
    return switch (event) {
      case Launching _ -> DUPLICATE;
      case Launched e -> {
        Optional<Launch> known = learn(launch, e);
        yield known.isPresent()
            ? new To(
                new Stopping(known.get(), state.claimed(), state.why(), state.result(), state.at()))
            : DUPLICATE;
      }
      case LaunchDeferred e ->
          state.claimed().isEmpty() && mayBeWithoutTask(launch, e.attempt())
              ? new To(unstarted(launch, e.at(), state.why()))
              : OTHER_LAUNCH;
      case LaunchRefused e ->
          state.claimed().isEmpty() && mayBeWithoutTask(launch, e.attempt())
              ? new To(unstarted(launch, e.at(), state.why()))
              : OTHER_LAUNCH;
      case Claiming _ -> new Refused("the dispatch is being stopped");
      case Heard e -> sameLaunch(launch, e.attempt());
      case Finished e ->
          e.attempt() == launch.attempt() && state.result().isEmpty()
              ? new To(
                  new Stopping(
                      launch, state.claimed(), state.why(), Optional.of(e.result()), state.at()))
              : sameLaunch(launch, e.attempt());
      case StopAsked e ->
          e.why().cause() == state.why().cause()
              ? DUPLICATE
              : new Refused("the dispatch is already being stopped: " + state.why().message());
      case TaskStopped e ->
          isOf(launch, e)
              ? new To(ended(launch, state.claimed(), Optional.of(state.why()), state.result(), e))
              : OTHER_LAUNCH;
      case TaskGone e ->
          e.attempt() == launch.attempt()
              ? new To(gone(launch, state.claimed(), e.at(), state.why(), state.result()))
              : OTHER_LAUNCH;
    };
  }

  private static Transition onEnded(DispatchEvent event) {
    return switch (event) {
      case Launching _, Claiming _, Heard _, Finished _, StopAsked _ -> ENDED;
      case Launched _, LaunchDeferred _, LaunchRefused _, TaskStopped _, TaskGone _ -> DUPLICATE;
    };
  }

  /** The launch with its task, if the event tells the task and it was unknown. */
  private static Optional<Launch> learn(Launch launch, Launched event) {
    return event.attempt() == launch.attempt() && launch.taskArn().isEmpty()
        ? Optional.of(launch.with(event.taskArn(), event.at()))
        : Optional.empty();
  }

  /** The launch with the task that has its job, whichever task had been heard of before. */
  private static Launch claimedBy(Launch launch, Claiming event) {
    return event.taskArn().map(arn -> launch.with(arn, event.claimed().at())).orElse(launch);
  }

  /**
   * Whether a refusal of RunTask can mean that nothing was started. Not once a task is known: then
   * it is the answer to a second call of the same launch, and the first one's task lives.
   */
  private static boolean mayBeWithoutTask(Launch launch, int attempt) {
    return attempt == launch.attempt() && launch.taskArn().isEmpty();
  }

  private static Transition sameLaunch(Launch launch, int attempt) {
    return attempt == launch.attempt()
        ? DUPLICATE
        : new Refused("the report is for another launch");
  }

  private static boolean isOf(Launch launch, TaskStopped event) {
    return launch.taskArn().map(event.taskArn()::equals).orElse(true)
        && (event.attempt().isEmpty() || event.attempt().getAsInt() == launch.attempt());
  }

  private static Failure lost() {
    return new Failure(Cause.TASK_LOST, "The task is gone, and nothing tells how it ended.");
  }

  private static Ended unstarted(Launch launch, Instant at, Failure why) {
    return gone(launch, Optional.empty(), at, why, Optional.empty());
  }

  private static Ended gone(
      Launch launch,
      Optional<Claimed> claimed,
      Instant at,
      Failure why,
      Optional<RunResult> result) {
    return new Ended(
        Optional.of(launch.over()),
        claimed,
        at,
        Optional.of(why),
        result.map(RunResult::exitCode).orElse(OptionalInt.empty()),
        result);
  }

  /**
   * The end of a task that stopped. What was recorded first decides: a stop that was asked for,
   * then the platform's own reason, then what the runner told, then the exit code. Success needs
   * both: the runner told it, and the container's exit code 0 was seen.
   */
  private static Ended ended(
      Launch launch,
      Optional<Claimed> claimed,
      Optional<Failure> stop,
      Optional<RunResult> result,
      TaskStopped event) {
    boolean succeeded =
        result.isPresent()
            && result.get().failure().isEmpty()
            && event.exitCode().equals(OptionalInt.of(ContainerContract.EXIT_SUCCESS));
    Optional<Failure> failure;
    if (stop.isPresent()) {
      failure = stop;
    } else if (succeeded) {
      failure = Optional.empty();
    } else if (event.failure().isPresent() && !(result.isPresent() && isMereEnd(event))) {
      failure = event.failure();
    } else if (result.isPresent() && result.get().failure().isPresent()) {
      failure = result.get().failure().map(Lifecycle::believable);
    } else {
      failure = Optional.of(byExitCode(claimed.isPresent(), result.isPresent(), event.exitCode()));
    }
    OptionalInt exitCode = result.map(RunResult::exitCode).orElse(OptionalInt.empty());
    return new Ended(
        Optional.of(
            launch.taskArn().isPresent()
                ? launch.over()
                : launch.with(event.taskArn(), event.at()).over()),
        claimed,
        event.at(),
        failure,
        exitCode.isPresent() ? exitCode : event.exitCode(),
        result);
  }

  /** The platform says no more than that it ended the task; what the runner told says more. */
  private static boolean isMereEnd(TaskStopped event) {
    return event.failure().map(f -> f.cause() == Cause.TASK_TERMINATED).orElse(false);
  }

  /**
   * A runner that says it was cancelled, though nobody asked for that, was stopped by the platform.
   */
  private static Failure believable(Failure told) {
    return told.cause() == Cause.CANCELLED
        ? new Failure(Cause.TASK_TERMINATED, "The platform ended the task.")
        : told;
  }

  private static Failure byExitCode(boolean claimed, boolean told, OptionalInt exitCode) {
    if (exitCode.isEmpty()) {
      return claimed
          ? new Failure(Cause.TASK_TERMINATED, "The task stopped, and nothing tells its exit code.")
          : new Failure(
              Cause.TASK_FAILED_TO_START, "The task stopped before its container had run.");
    }
    int code = exitCode.getAsInt();
    if (code == ContainerContract.EXIT_TIMEOUT) {
      return new Failure(Cause.TIMEOUT, "The dispatch's time was up.");
    }
    if (!claimed) {
      return new Failure(
          Cause.TASK_FAILED_TO_START,
          "The container ended with exit code " + code + " before it took its job.");
    }
    if (told) {
      return new Failure(
          Cause.INTERNAL,
          "The runner told a success, but its container ended with exit code " + code + ".");
    }
    return new Failure(
        code == ContainerContract.EXIT_KILLED ? Cause.TASK_TERMINATED : Cause.INTERNAL,
        "The container ended with exit code " + code + " before it told a result.");
  }
}
