package dev.outpost.items;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DueAtTest {
  private static final Instant LAUNCHED = Dispatched.AT.plusSeconds(1);
  private static final Launch LAUNCH =
      new Launch(1, LAUNCHED, "arn:aws:ecs:r:1:task-definition/a:1", Optional.empty());
  private static final Claimed CLAIMED = new Claimed("runner", LAUNCHED.plusSeconds(40));
  private static final Failure CANCELLED = new Failure(Cause.CANCELLED, "No longer wanted.");
  private static final RunResult RESULT =
      new RunResult(
          Optional.empty(),
          OptionalInt.of(0),
          "",
          Optional.empty(),
          Optional.empty(),
          0,
          List.of());

  /** An end is found where its task's stop would have been, and in whole seconds. */
  private static final Duration TELL_LATER =
      Dispatch.TELL_LATENCY.minus(Dispatch.STOP_LATENCY).plusSeconds(1);

  private static final DispatchState PROVISIONING = new DispatchState.Provisioning(LAUNCH);

  @Test
  void nothingIsFoundLaterThanItIsDueNorMuchEarlier() {
    for (int seconds = 41; seconds < 4_000; seconds += 7) {
      Instant at = LAUNCHED.plusSeconds(seconds);
      for (DispatchState state :
          List.of(PROVISIONING, running(at), completing(at), stopping(at), ended(at))) {
        Dispatch dispatch = dispatch(state);
        Instant found = Instant.parse(DueAt.of(dispatch).orElseThrow());
        assertThat(found)
            .isBeforeOrEqualTo(dispatch.dueAt())
            .isAfter(dispatch.dueAt().minus(DueAt.STEP).minus(TELL_LATER));
      }
    }
  }

  @Test
  void aRunOfTenMinutesMovesNothing() {
    assertThat(moves(10)).isZero();
  }

  @Test
  void aLongRunMovesInStepsAndBackAtItsEnd() {
    assertThat(moves(16)).isEqualTo(2);
    assertThat(moves(18)).isEqualTo(2);
    assertThat(moves(30)).isEqualTo(1);
    assertThat(moves(57)).isEqualTo(4);
    assertThat(moves(60)).isEqualTo(3);
  }

  @Test
  void aClockThatWentBackMakesNothingLate() {
    Dispatch dispatch = dispatch(completing(LAUNCHED.minusSeconds(20)));
    assertThat(DueAt.of(dispatch)).contains(DueAt.of(dispatch.dueAt()));
  }

  @Test
  void anEndWithoutALaunchIsFoundWhenItIsDue() {
    Dispatch dispatch =
        dispatch(
            new DispatchState.Ended(
                Optional.empty(),
                Optional.empty(),
                LAUNCHED,
                Optional.of(CANCELLED),
                OptionalInt.empty(),
                Optional.empty()));
    assertThat(DueAt.of(dispatch)).contains(DueAt.of(dispatch.dueAt()));
  }

  /** How often the entry of one moves that is heard every two minutes. */
  private static int moves(int minutes) {
    List<DispatchState> life = new ArrayList<>();
    Instant end = CLAIMED.at().plus(Duration.ofMinutes(minutes));
    for (Instant at = CLAIMED.at(); at.isBefore(end); at = at.plus(Duration.ofMinutes(2))) {
      life.add(running(at));
    }
    life.add(completing(end));
    life.add(ended(end.plusSeconds(20)));
    int moves = 0;
    Optional<String> place = DueAt.of(dispatch(PROVISIONING));
    for (DispatchState state : life) {
      Optional<String> next = DueAt.of(dispatch(state));
      moves += next.equals(place) ? 0 : 1;
      place = next;
    }
    return moves;
  }

  private static Dispatch dispatch(DispatchState state) {
    Spec hours = Dispatched.usualSpec(Dispatched.SHORT_TASK, Duration.ofHours(1));
    return Dispatched.of(hours, state);
  }

  private static DispatchState running(Instant heardAt) {
    return new DispatchState.Running(LAUNCH, CLAIMED, Progress.NONE, Optional.empty(), heardAt);
  }

  private static DispatchState completing(Instant at) {
    return new DispatchState.Completing(LAUNCH, CLAIMED, RESULT, at);
  }

  private static DispatchState stopping(Instant at) {
    return new DispatchState.Stopping(
        LAUNCH, Optional.of(CLAIMED), CANCELLED, Optional.empty(), at);
  }

  private static DispatchState ended(Instant at) {
    return new DispatchState.Ended(
        Optional.of(LAUNCH),
        Optional.of(CLAIMED),
        at,
        Optional.empty(),
        OptionalInt.of(0),
        Optional.of(RESULT));
  }
}
