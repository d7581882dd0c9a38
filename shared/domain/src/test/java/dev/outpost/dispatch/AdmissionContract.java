package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.dispatch.Admission.Accepted;
import dev.outpost.dispatch.Admission.DayUsedUp;
import dev.outpost.dispatch.Admission.KeyReused;
import dev.outpost.dispatch.Admission.Replayed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link Dispatches#admit} does. */
interface AdmissionContract extends DispatchesPort {
  int RACERS = 32;

  private static Optional<IdempotencyKey> key(String word) {
    return Optional.of(new IdempotencyKey(word, "hash of the request"));
  }

  private static Optional<IdempotencyKey> otherRequest(String word) {
    return Optional.of(new IdempotencyKey(word, "hash of another request"));
  }

  private static DayUsedUp usedUp(int limit) {
    return new DayUsedUp(limit, Instant.parse("2026-11-23T00:00:00Z"));
  }

  @Test
  default void whatWasAcceptedIsFoundAsItWas() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted();
    assertThat(dispatches().find(dispatch.id())).contains(dispatch);
    assertThat(dispatch.version()).isEqualTo(1);
  }

  @Test
  default void whatWasNeverAcceptedIsNotFound() {
    assertThat(dispatches().find(new Tenancy(dispatches()).dispatch().id())).isEmpty();
  }

  @Test
  default void theLongestTaskSurvives() {
    Tenancy tenant = new Tenancy(dispatches());
    String task = "𝄞 Sing! ".repeat(5_556);
    Dispatch dispatch = tenant.admitted(tenant.dispatch(task));
    assertThat(dispatches().find(dispatch.id())).contains(dispatch);
    Dispatch ended = tenant.succeeded(dispatch);
    assertThat(dispatches().find(dispatch.id()).orElseThrow().spec()).isEqualTo(dispatch.spec());
    assertThat(dispatches().find(dispatch.id()).orElseThrow().state()).isEqualTo(ended.state());
  }

  @Test
  default void aDayTakesExactlyItsLimitHoweverManyRaceForTheLastPlaces() {
    Tenancy tenant = new Tenancy(dispatches());
    int limit = 10;
    List<Dispatch> wanted = Race.of(RACERS, _ -> tenant.dispatch());
    List<Admission> admissions =
        Race.of(RACERS, i -> dispatches().admit(wanted.get(i), limit, Optional.empty()));

    assertThat(admissions).filteredOn(Accepted.class::isInstance).hasSize(limit);
    assertThat(admissions).filteredOn(usedUp(limit)::equals).hasSize(RACERS - limit);
    for (int i = 0; i < RACERS; i++) {
      assertThat(dispatches().find(wanted.get(i).id()).isPresent())
          .isEqualTo(admissions.get(i) instanceof Accepted);
    }
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 100).dispatches())
        .hasSize(limit);
  }

  @Test
  default void anotherDayAndAnotherTenantHaveTheirOwnCount() {
    Tenancy tenant = new Tenancy(dispatches());
    Optional<IdempotencyKey> none = Optional.empty();
    assertThat(dispatches().admit(tenant.dispatch(), 1, none)).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(tenant.dispatch(), 1, none)).isEqualTo(usedUp(1));

    Instant lastMoment = Instant.parse("2026-11-22T23:59:59.999999999Z");
    Dispatch late = tenant.dispatch(lastMoment, Samples.spec());
    Dispatch nextDay = tenant.dispatch(lastMoment.plusNanos(1), Samples.spec());
    assertThat(dispatches().admit(late, 1, none)).isEqualTo(usedUp(1));
    assertThat(dispatches().admit(nextDay, 1, none)).isInstanceOf(Accepted.class);
    Tenancy other = new Tenancy(dispatches());
    assertThat(dispatches().admit(other.dispatch(), 1, none)).isInstanceOf(Accepted.class);
  }

  @Test
  default void aLimitOfZeroAcceptsNothing() {
    Tenancy tenant = new Tenancy(dispatches());
    assertThat(dispatches().admit(tenant.dispatch(), 0, Optional.empty())).isEqualTo(usedUp(0));
  }

  @Test
  default void aTierThatBecameSmallerAcceptsNothingUntilTheNextDay() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.admitted(3);
    assertThat(dispatches().admit(tenant.dispatch(), 2, Optional.empty())).isEqualTo(usedUp(2));
    assertThat(dispatches().admit(tenant.dispatch(), 4, Optional.empty()))
        .isInstanceOf(Accepted.class);
  }

  @Test
  default void theSameRequestIsAnsweredWithTheFirstDispatchAsItIsNow() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch first = tenant.dispatch("A task long enough to be kept apart. ".repeat(100));
    assertThat(dispatches().admit(first, 5, key("k"))).isEqualTo(new Accepted(first));
    assertThat(dispatches().admit(tenant.dispatch(), 5, key("k"))).isEqualTo(new Replayed(first));
    Dispatch ended = first.in(tenant.cancelled(first).state());
    assertThat(dispatches().admit(tenant.dispatch(), 5, key("k"))).isEqualTo(new Replayed(ended));
  }

  @Test
  default void aReplayIsNeverCountedAndNeedsNoPlaceInTheDay() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch first = tenant.dispatch();
    assertThat(dispatches().admit(first, 2, key("k"))).isInstanceOf(Accepted.class);
    for (int i = 0; i < 5; i++) {
      assertThat(dispatches().admit(tenant.dispatch(), 2, key("k"))).isInstanceOf(Replayed.class);
    }
    Dispatch second = tenant.dispatch();
    assertThat(dispatches().admit(second, 2, Optional.empty())).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(tenant.dispatch(), 2, Optional.empty())).isEqualTo(usedUp(2));

    assertThat(dispatches().admit(tenant.dispatch(), 2, key("k"))).isEqualTo(new Replayed(first));
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 10).dispatches())
        .containsExactly(second, first);
  }

  @Test
  default void anotherRequestUnderAKeyIsRefusedAndLeavesNothing() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch first = tenant.dispatch();
    Dispatch other = tenant.dispatch();
    dispatches().admit(first, 2, key("k"));
    assertThat(dispatches().admit(other, 2, otherRequest("k"))).isEqualTo(new KeyReused());
    assertThat(dispatches().find(other.id())).isEmpty();

    assertThat(dispatches().admit(other, 2, Optional.empty())).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(tenant.dispatch(), 2, otherRequest("k")))
        .as("also when the day is used up")
        .isEqualTo(new KeyReused());
  }

  @Test
  default void ofManySameRequestsAtOnceExactlyOneIsAccepted() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> wanted = Race.of(RACERS, _ -> tenant.dispatch());
    List<Admission> admissions =
        Race.of(RACERS, i -> dispatches().admit(wanted.get(i), 2, key("k")));

    assertThat(admissions).filteredOn(Accepted.class::isInstance).hasSize(1);
    Set<DispatchId> ids =
        admissions.stream()
            .map(
                admission ->
                    switch (admission) {
                      case Accepted a -> a.dispatch().id();
                      case Replayed r -> r.dispatch().id();
                      case KeyReused _, DayUsedUp _ -> throw new AssertionError(admission);
                    })
            .collect(Collectors.toSet());
    assertThat(ids).hasSize(1);
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 10).dispatches())
        .hasSize(1);
    assertThat(dispatches().admit(tenant.dispatch(), 2, Optional.empty()))
        .as("one was counted")
        .isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(tenant.dispatch(), 2, Optional.empty())).isEqualTo(usedUp(2));
  }

  @Test
  default void aKeyMeansSomethingToItsOwnTenantOnly() {
    Tenancy one = new Tenancy(dispatches());
    Tenancy other = new Tenancy(dispatches());
    String longest = "ü€".repeat(IdempotencyKey.MAX_LENGTH / 2);
    assertThat(dispatches().admit(one.dispatch(), 5, key(longest))).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(other.dispatch(), 5, key(longest))).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(one.dispatch(), 5, key(longest + "!")))
        .isInstanceOf(Accepted.class);
  }

  @Test
  default void aKeyIsForgottenWithTheDispatchesOfItsTime() {
    Tenancy tenant = new Tenancy(dispatches());
    dispatches().admit(tenant.dispatch(), 5, key("k"));
    Dispatch within =
        tenant.dispatch(
            Samples.T0.plus(Dispatch.KEPT).minus(Duration.ofMinutes(1)), Samples.spec());
    assertThat(dispatches().admit(within, 5, key("k"))).isInstanceOf(Replayed.class);
    Dispatch later = tenant.dispatch(Samples.T0.plus(Dispatch.KEPT).plusSeconds(1), Samples.spec());
    assertThat(dispatches().admit(later, 5, otherRequest("k"))).isEqualTo(new Accepted(later));
    assertThat(dispatches().admit(within, 5, key("k"))).isEqualTo(new KeyReused());
  }

  @Test
  default void aRequestThatWasRefusedForTheDayMayComeAgainUnderItsKey() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.admitted();
    assertThat(dispatches().admit(tenant.dispatch(), 1, key("k"))).isEqualTo(usedUp(1));
    Dispatch nextDay = tenant.dispatch(Samples.T0.plus(Duration.ofDays(1)), Samples.spec());
    assertThat(dispatches().admit(nextDay, 1, key("k"))).isEqualTo(new Accepted(nextDay));
  }

  @Test
  default void admittedOnceMoreAfterAnUnknownOutcomeItIsAcceptedAndCountedOnce() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch bare = tenant.dispatch();
    Dispatch keyed =
        tenant.dispatch(Samples.T0, Tenancy.spec("keyed task", Map.of(), Optional.empty()));
    for (int i = 0; i < 3; i++) {
      assertThat(dispatches().admit(bare, 3, Optional.empty())).isEqualTo(new Accepted(bare));
      assertThat(dispatches().admit(keyed, 3, key("k"))).isEqualTo(new Accepted(keyed));
    }
    assertThat(dispatches().admit(tenant.dispatch(), 3, Optional.empty()))
        .isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(tenant.dispatch(), 3, Optional.empty())).isEqualTo(usedUp(3));
    assertThat(dispatches().admit(bare, 3, Optional.empty()))
        .as("also when the day is used up")
        .isEqualTo(new Accepted(bare));
    assertThat(dispatches().admit(keyed, 3, key("k"))).isEqualTo(new Accepted(keyed));
  }
}
