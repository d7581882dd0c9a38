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
import java.util.LinkedHashSet;
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

  @Test
  void nothingIsFoundLaterThanItIsDueNorMuchEarlier() {
    for (int seconds = 41; seconds < 4_000; seconds += 7) {
      Instant at = LAUNCHED.plusSeconds(seconds);
      for (DispatchState state : List.of(running(at), completing(at), stopping(at), ended(at))) {
        Dispatch dispatch = dispatch(state);
        Instant found = Instant.parse(DueAt.of(dispatch).orElseThrow());
        assertThat(found)
            .isBeforeOrEqualTo(dispatch.dueAt())
            .isAfter(dispatch.dueAt().minus(DueAt.STEP).minusSeconds(1));
      }
    }
  }

  @Test
  void aRunOfTenMinutesMovesNothing() {
    assertThat(places(Duration.ofMinutes(10)))
        .containsExactly(DueAt.of(LAUNCHED.plus(Dispatch.STOP_LATENCY)));
  }

  @Test
  void aRunOfAnHourMovesOnceInEachStep() {
    assertThat(places(Duration.ofHours(1))).hasSize(1 + 3);
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

  /** Where a dispatch is found in its life, each place once. */
  private static List<String> places(Duration run) {
    List<DispatchState> life = new ArrayList<>(List.of(new DispatchState.Provisioning(LAUNCH)));
    Instant end = CLAIMED.at().plus(run);
    for (Instant at = CLAIMED.at(); at.isBefore(end); at = at.plus(Duration.ofMinutes(2))) {
      life.add(running(at));
    }
    life.add(completing(end));
    life.add(ended(end.plusSeconds(20)));
    LinkedHashSet<String> places = new LinkedHashSet<>();
    life.forEach(state -> places.add(DueAt.of(dispatch(state)).orElseThrow()));
    return List.copyOf(places);
  }

  private static Dispatch dispatch(DispatchState state) {
    Spec usual = Dispatched.usualSpec(Dispatched.SHORT_TASK);
    Spec hours =
        new Spec(
            usual.agent(),
            usual.model(),
            usual.task(),
            usual.repo(),
            usual.workspace(),
            usual.context(),
            Duration.ofHours(1),
            usual.size(),
            usual.tags(),
            usual.expiresAt());
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
