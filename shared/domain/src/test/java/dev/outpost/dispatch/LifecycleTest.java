package dev.outpost.dispatch;

import static dev.outpost.dispatch.Samples.ARN;
import static dev.outpost.dispatch.Samples.BAD;
import static dev.outpost.dispatch.Samples.CANCELLED;
import static dev.outpost.dispatch.Samples.CLAIMED;
import static dev.outpost.dispatch.Samples.DEFINITION;
import static dev.outpost.dispatch.Samples.GOOD;
import static dev.outpost.dispatch.Samples.LAUNCH;
import static dev.outpost.dispatch.Samples.NO_ROOM;
import static dev.outpost.dispatch.Samples.T0;
import static dev.outpost.dispatch.Samples.TIMEOUT;
import static dev.outpost.dispatch.Samples.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleTest {
  private static final DispatchState RUNNING =
      new DispatchState.Running(
          LAUNCH, CLAIMED, new Progress(5, "preparing"), Optional.empty(), CLAIMED.at());

  private static DispatchState after(DispatchState state, DispatchEvent... events) {
    DispatchState now = state;
    for (DispatchEvent event : events) {
      if (Lifecycle.on(now, event) instanceof Transition.To to) {
        now = to.next();
      }
    }
    return now;
  }

  private static DispatchState.Ended end(DispatchState state, DispatchEvent... events) {
    DispatchState last = after(state, events);
    assertThat(last).isInstanceOf(DispatchState.Ended.class);
    return (DispatchState.Ended) last;
  }

  @Test
  void everyTransitionThatTheTableAllowsIsAPublishedOne() {
    Map<Status, Set<Status>> legal =
        Map.of(
            Status.PENDING,
            Set.of(Status.PROVISIONING, Status.FAILED, Status.TIMEOUT, Status.CANCELLED),
            Status.PROVISIONING,
            Set.of(
                Status.PENDING,
                Status.RUNNING,
                Status.COMPLETING,
                Status.SUCCESS,
                Status.FAILED,
                Status.TIMEOUT,
                Status.CANCELLED),
            Status.RUNNING,
            Set.of(
                Status.COMPLETING, Status.SUCCESS, Status.FAILED, Status.TIMEOUT, Status.CANCELLED),
            Status.COMPLETING,
            Set.of(Status.SUCCESS, Status.FAILED, Status.TIMEOUT, Status.CANCELLED));
    Samples.states()
        .forEach(
            (name, state) ->
                Samples.events()
                    .forEach(
                        (word, event) -> {
                          if (Lifecycle.on(state, event) instanceof Transition.To to
                              && to.next().status() != state.status()) {
                            assertThat(legal.get(state.status()))
                                .as("%s on %s", name, word)
                                .contains(to.next().status());
                          }
                        }));
  }

  /** The picture beside this module is drawn from the code; this is where it is compared. */
  @Test
  void thePublishedDiagramEqualsTheCode() throws IOException {
    Map<String, Set<String>> edges = new LinkedHashMap<>();
    Samples.states()
        .forEach(
            (name, state) ->
                Samples.events()
                    .forEach(
                        (word, event) -> {
                          if (Lifecycle.on(state, event) instanceof Transition.To to) {
                            String next = to.next().getClass().getSimpleName();
                            edges
                                .computeIfAbsent(
                                    "    " + name + " --> " + next, _ -> new TreeSet<>())
                                .add(word);
                          }
                        }));
    List<String> lines = new ArrayList<>();
    lines.add("stateDiagram-v2");
    lines.add("    [*] --> Pending: admitted");
    edges.forEach((edge, words) -> lines.add(edge + ": " + String.join(", ", words)));
    lines.add("    Ended --> [*]");
    Path published =
        Path.of(System.getProperty("outpost.root"), "shared", "domain", "LIFECYCLE.md");
    assertThat(Files.readString(published)).contains(String.join("\n", lines));
  }

  @Test
  void anEndAbsorbsEverything() {
    DispatchState ended = Samples.states().get("Ended");
    Samples.events()
        .forEach(
            (word, event) ->
                assertThat(Lifecycle.on(ended, event))
                    .as(word)
                    .isNotInstanceOf(Transition.To.class));
  }

  @Test
  void theGoodCourseEndsInSuccess() {
    DispatchState.Ended end =
        end(
            new DispatchState.Pending(1, T0),
            new DispatchEvent.Launching(T0, DEFINITION, 1),
            new DispatchEvent.Launched(1, ARN, T0),
            new DispatchEvent.Claiming(1, CLAIMED),
            new DispatchEvent.Finished(1, T0, GOOD),
            stopped(0));
    assertThat(end.failure()).isEmpty();
    assertThat(end.exitCode()).hasValue(0);
    assertThat(end.status()).isEqualTo(Status.SUCCESS);
  }

  @Test
  void successNeedsBothTheToldResultAndTheSeenExitCode() {
    assertThat(end(RUNNING, stopped(0)).failure().orElseThrow().cause()).isEqualTo(Cause.INTERNAL);
    assertThat(
            end(RUNNING, new DispatchEvent.Finished(1, T0, GOOD), stopped(1))
                .failure()
                .orElseThrow()
                .cause())
        .isEqualTo(Cause.INTERNAL);
    assertThat(
            end(
                    RUNNING,
                    new DispatchEvent.Finished(1, T0, GOOD),
                    new DispatchEvent.TaskGone(1, T0.plusSeconds(4000)))
                .failure()
                .orElseThrow()
                .cause())
        .isEqualTo(Cause.TASK_LOST);
  }

  @Test
  void anAgentsFailureIsToldWithItsOwnExitCode() {
    DispatchState.Ended end = end(RUNNING, new DispatchEvent.Finished(1, T0, BAD), stopped(1));
    assertThat(end.status()).isEqualTo(Status.FAILED);
    assertThat(end.exitCode()).hasValue(3);
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(Cause.AGENT_ERROR);
  }

  @Test
  void aLaunchedDispatchIsNeverCancelledWithoutItsTaskHavingStopped() {
    DispatchState stopping =
        after(new DispatchState.Provisioning(LAUNCH), new DispatchEvent.StopAsked(T0, CANCELLED));
    assertThat(stopping).isInstanceOf(DispatchState.Stopping.class);
    assertThat(stopping.holdsSlot()).isTrue();
    assertThat(end(stopping, stopped(143)).status()).isEqualTo(Status.CANCELLED);
  }

  @Test
  void aCancelThatWasAnsweredWinsEvenAgainstASuccessThatComesLater() {
    DispatchState.Ended end =
        end(
            RUNNING,
            new DispatchEvent.StopAsked(T0, CANCELLED),
            new DispatchEvent.Finished(1, T0, GOOD),
            stopped(0));
    assertThat(end.status()).isEqualTo(Status.CANCELLED);
    assertThat(end.result()).contains(GOOD);
  }

  @Test
  void aRunnerThatWasHeardSinceIsNotStoppedForItsSilence() {
    Failure silent = new Failure(Cause.TASK_LOST, "Its runner was not heard.");
    Instant lost = CLAIMED.at().plus(Dispatch.SILENCE);
    assertThat(Lifecycle.on(RUNNING, new DispatchEvent.StopAsked(lost.minusMillis(1), silent)))
        .isInstanceOf(Transition.Ignored.class);
    assertThat(after(RUNNING, new DispatchEvent.StopAsked(lost, silent)))
        .isInstanceOf(DispatchState.Stopping.class);
  }

  @Test
  void theFirstStopDecidesAndTheOtherIsRefused() {
    DispatchState stopping = after(RUNNING, new DispatchEvent.StopAsked(T0, TIMEOUT));
    assertThat(Lifecycle.on(stopping, new DispatchEvent.StopAsked(T0, CANCELLED)))
        .isInstanceOf(Transition.Refused.class);
    assertThat(Lifecycle.on(stopping, new DispatchEvent.StopAsked(T0, TIMEOUT)))
        .isInstanceOf(Transition.Ignored.class);
    assertThat(end(stopping, stopped(0)).status()).isEqualTo(Status.TIMEOUT);
  }

  @Test
  void onlyTheFirstClaimantGetsTheJobButItMayAskAgain() {
    assertThat(Lifecycle.on(RUNNING, new DispatchEvent.Claiming(1, CLAIMED)))
        .isInstanceOf(Transition.Ignored.class);
    assertThat(Lifecycle.on(RUNNING, new DispatchEvent.Claiming(1, new Claimed("other", T0))))
        .isInstanceOf(Transition.Refused.class);
    assertThat(
            Lifecycle.on(
                new DispatchState.Provisioning(LAUNCH), new DispatchEvent.Claiming(2, CLAIMED)))
        .isInstanceOf(Transition.Refused.class);
  }

  @Test
  void aWantOfCapacityGoesBackToWaitingWithTheNextAttempt() {
    DispatchState waiting =
        after(
            new DispatchState.Provisioning(Samples.UNKNOWN_TASK),
            new DispatchEvent.LaunchDeferred(1, T0, T0.plusSeconds(5), NO_ROOM));
    assertThat(waiting).isEqualTo(new DispatchState.Pending(2, T0.plusSeconds(5)));
    assertThat(Lifecycle.on(waiting, new DispatchEvent.Launching(T0, DEFINITION, 1)))
        .isInstanceOf(Transition.Refused.class);
  }

  @Test
  void theLastAttemptEndsInsteadOfWaiting() {
    Launch last = new Launch(Lifecycle.MAX_ATTEMPTS, T0, DEFINITION, Optional.empty());
    DispatchState.Ended end =
        end(
            new DispatchState.Provisioning(last),
            new DispatchEvent.LaunchDeferred(Lifecycle.MAX_ATTEMPTS, T0, T0, NO_ROOM));
    assertThat(end.failure()).contains(NO_ROOM);
  }

  @Test
  void eventsAboutAnotherLaunchChangeNothing() {
    DispatchState second =
        new DispatchState.Provisioning(new Launch(2, T0, DEFINITION, Optional.empty()));
    assertThat(Lifecycle.on(second, new DispatchEvent.Launched(1, ARN, T0)))
        .isInstanceOf(Transition.Ignored.class);
    assertThat(Lifecycle.on(second, stopped(0))).isInstanceOf(Transition.Ignored.class);
    assertThat(
            Lifecycle.on(
                RUNNING,
                new DispatchEvent.TaskStopped(
                    OptionalInt.empty(), "arn:other", T0, OptionalInt.of(1), Optional.empty())))
        .isInstanceOf(Transition.Ignored.class);
  }

  @ParameterizedTest
  @CsvSource({
    "124, TIMEOUT, TIMEOUT",
    "137, TASK_TERMINATED, FAILED",
    "1, INTERNAL, FAILED",
    "0, INTERNAL, FAILED"
  })
  void anExitCodeWithoutAResultTellsTheCause(int exitCode, Cause cause, Status status) {
    DispatchState.Ended end = end(RUNNING, stopped(exitCode));
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(cause);
    assertThat(end.status()).isEqualTo(status);
  }

  @Test
  void thePlatformsOwnReasonGoesBeforeWhatTheDyingRunnerTold() {
    Failure spot = new Failure(Cause.SPOT_INTERRUPTION, "Spot capacity was taken back.");
    RunResult told =
        Samples.result(Optional.of(new Failure(Cause.TASK_TERMINATED, "stopped")), 143);
    DispatchState.Ended end =
        end(
            RUNNING,
            new DispatchEvent.Finished(1, T0, told),
            new DispatchEvent.TaskStopped(
                OptionalInt.of(1), ARN, T0, OptionalInt.of(143), Optional.of(spot)));
    assertThat(end.failure()).contains(spot);
  }

  @Test
  void aRunnerCannotCallItselfCancelledWhenNobodyAskedForIt() {
    DispatchState.Ended end =
        end(
            RUNNING,
            new DispatchEvent.Finished(1, T0, Samples.result(Optional.of(CANCELLED), 143)),
            stopped(143));
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(Cause.TASK_TERMINATED);
  }

  @Test
  void aTaskThatNeverRanIsAFailureToStart() {
    DispatchState.Ended end =
        end(
            new DispatchState.Provisioning(LAUNCH),
            new DispatchEvent.TaskStopped(
                OptionalInt.of(1), ARN, T0, OptionalInt.empty(), Optional.empty()));
    assertThat(end.failure().orElseThrow().cause()).isEqualTo(Cause.TASK_FAILED_TO_START);
  }

  @Test
  void aSilentRunnerIsWrittenOnlyNowAndThen() {
    DispatchEvent same =
        new DispatchEvent.Heard(
            1, CLAIMED.at().plusSeconds(10), new Progress(5, "preparing"), Optional.empty());
    assertThat(Lifecycle.on(RUNNING, same)).isInstanceOf(Transition.Ignored.class);
    DispatchEvent later =
        new DispatchEvent.Heard(
            1,
            CLAIMED.at().plus(Lifecycle.HEARD_EVERY),
            new Progress(5, "preparing"),
            Optional.empty());
    assertThat(Lifecycle.on(RUNNING, later)).isInstanceOf(Transition.To.class);
  }

  @Test
  void progressNeverFalls() {
    DispatchState at40 =
        after(
            RUNNING,
            new DispatchEvent.Heard(1, T0, new Progress(40, "running"), Optional.empty()),
            new DispatchEvent.Heard(
                1,
                T0.plus(Lifecycle.HEARD_EVERY),
                new Progress(10, "preparing"),
                Optional.empty()));
    assertThat(((DispatchState.Running) at40).progress().percent()).isEqualTo(40);
  }

  /**
   * EventBridge delivers at least once and in no order: the two task events and the launcher's own
   * news, in every order and with duplicates, must leave the same record.
   */
  @Test
  void everyOrderOfTaskEventsWithDuplicatesLeavesTheSameRecord() {
    DispatchState start =
        after(
            new DispatchState.Provisioning(Samples.UNKNOWN_TASK),
            new DispatchEvent.Claiming(1, CLAIMED),
            new DispatchEvent.Finished(1, T0, BAD));
    DispatchEvent launched = new DispatchEvent.Launched(1, ARN, T0);
    List<DispatchEvent> events = List.of(launched, launched, stopped(1), stopped(1));
    Set<DispatchState> ends = new HashSet<>();
    permute(events, new ArrayList<>(), order -> ends.add(after(start, order)));
    assertThat(ends).hasSize(1);
  }

  private static void permute(
      List<DispatchEvent> left,
      List<DispatchEvent> chosen,
      java.util.function.Consumer<DispatchEvent[]> each) {
    if (left.isEmpty()) {
      each.accept(chosen.toArray(new DispatchEvent[0]));
      return;
    }
    for (int i = 0; i < left.size(); i++) {
      List<DispatchEvent> rest = new ArrayList<>(left);
      chosen.add(rest.remove(i));
      permute(rest, chosen, each);
      chosen.removeLast();
    }
  }

  @Test
  void eachStatusThatADispatchTakesIsAPassageWithItsVersionAndTime() {
    Dispatch asked = Samples.dispatch(new DispatchState.Pending(1, T0));
    Dispatch dispatch = Dispatch.accepted(asked.id(), asked.tenantId(), asked.spec(), T0);
    Map<String, DispatchState> states = Samples.states();
    for (String name : List.of("Provisioning", "Running", "Running", "Completing", "Stopping")) {
      dispatch = dispatch.in(states.get(name));
    }
    dispatch = dispatch.in(states.get("Ended"));
    assertThat(dispatch.passages())
        .containsExactly(
            new Passage(Status.PENDING, 1, T0),
            new Passage(Status.PROVISIONING, 2, T0.plusSeconds(5)),
            new Passage(Status.RUNNING, 3, T0.plusSeconds(40)),
            new Passage(Status.COMPLETING, 5, T0.plusSeconds(90)),
            new Passage(Status.SUCCESS, 7, T0.plusSeconds(100)));
  }

  @Test
  void aRefusalThatComesAfterATaskIsKnownChangesNothing() {
    DispatchEvent deferred = new DispatchEvent.LaunchDeferred(1, T0, T0.plusSeconds(5), NO_ROOM);
    DispatchEvent refused = new DispatchEvent.LaunchRefused(1, T0, NO_ROOM);
    DispatchState launched = new DispatchState.Provisioning(LAUNCH);
    assertThat(after(launched, deferred, refused)).isEqualTo(launched);
    DispatchState stopping = after(launched, new DispatchEvent.StopAsked(T0, CANCELLED));
    assertThat(after(stopping, deferred, refused)).isEqualTo(stopping);
  }

  @Test
  void aToldResultSaysMoreThanThatThePlatformEndedTheTask() {
    Optional<Failure> ended = Optional.of(new Failure(Cause.TASK_TERMINATED, "ended"));
    DispatchEvent stop =
        new DispatchEvent.TaskStopped(OptionalInt.of(1), ARN, T0, OptionalInt.of(137), ended);
    assertThat(end(RUNNING, new DispatchEvent.Finished(1, T0, BAD), stop).failure())
        .isEqualTo(BAD.failure());
    assertThat(end(RUNNING, new DispatchEvent.Finished(1, T0, GOOD), stop).failure())
        .map(Failure::cause)
        .contains(Cause.INTERNAL);
    assertThat(end(RUNNING, stop).failure()).isEqualTo(ended);
  }

  @Test
  void aClaimedRunWithoutAnExitCodeHadStarted() {
    DispatchEvent stop =
        new DispatchEvent.TaskStopped(
            OptionalInt.of(1), ARN, T0, OptionalInt.empty(), Optional.empty());
    assertThat(end(RUNNING, stop).failure()).map(Failure::cause).contains(Cause.TASK_TERMINATED);
  }
}
