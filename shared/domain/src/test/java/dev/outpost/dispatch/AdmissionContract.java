package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.Ulids;
import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
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
    return new DayUsedUp(limit, 0, Instant.parse("2026-11-23T00:00:00Z"));
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
                      case Accepted a -> a.intake().first().id();
                      case Replayed r -> r.intake().first().id();
                      case KeyReused _, DayUsedUp _, Admission.WorkspaceBusy _ ->
                          throw new AssertionError(admission);
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
  default void whatWasAcceptedUnderAKeyIsFoundByTheSameRequestAlone() {
    Tenancy tenant = new Tenancy(dispatches());
    Instant within = Samples.T0.plus(Dispatch.KEPT).minus(Duration.ofMinutes(1));
    assertThat(accepted(tenant, key("k"), Samples.T0)).isEmpty();
    Dispatch first = tenant.dispatch();
    dispatches().admit(first, 5, key("k"));
    assertThat(accepted(tenant, key("k"), within)).contains(Intake.of(first));
    assertThat(accepted(tenant, otherRequest("k"), within)).isEmpty();
    assertThat(accepted(tenant, key("l"), within)).isEmpty();
    assertThat(accepted(new Tenancy(dispatches()), key("k"), within)).isEmpty();
    assertThat(accepted(tenant, key("k"), Samples.T0.plus(Dispatch.KEPT).plusSeconds(1))).isEmpty();

    Intake group = tenant.group(2);
    dispatches().admit(group, 5, key("g"));
    assertThat(accepted(tenant, key("g"), within).map(Intake::dispatches))
        .contains(group.dispatches());
  }

  private Optional<Intake> accepted(Tenancy tenant, Optional<IdempotencyKey> key, Instant now) {
    return dispatches().accepted(tenant.id, key.orElseThrow(), now);
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

  @Test
  default void aSchemaIsKeptApartWithALongAndWithAShortTask() {
    Tenancy tenant = new Tenancy(dispatches());
    for (String task : List.of("a short task", "A long task that is kept apart. ".repeat(100))) {
      Dispatch dispatch = tenant.admitted(tenant.wanting(task, "{\"type\":\"object\"}"));
      assertThat(dispatches().find(dispatch.id())).contains(dispatch);
      Dispatch ended = tenant.succeeded(dispatch);
      assertThat(dispatches().find(dispatch.id()).orElseThrow().spec()).isEqualTo(dispatch.spec());
      assertThat(dispatches().find(dispatch.id()).orElseThrow().state()).isEqualTo(ended.state());
    }
  }

  @Test
  default void theFirstDataThatIsKeptStays() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.running(tenant.admitted(tenant.wanting("a short task", "{}")));
    assertThat(dispatches().output(dispatch.id())).isEmpty();
    String large = "\"" + "ü".repeat(32_000) + "\"";
    dispatches().keepOutput(dispatch, large);
    dispatches().keepOutput(dispatch, "{}");
    assertThat(dispatches().output(dispatch.id())).contains(large);
    assertThat(dispatches().find(dispatch.id()).orElseThrow().state()).isEqualTo(dispatch.state());
  }

  private static List<DispatchId> ids(List<Dispatch> dispatches) {
    return dispatches.stream().map(Dispatch::id).toList();
  }

  @Test
  default void aGroupIsAcceptedAsOneAndFoundInTheOrderOfTheRequest() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake group = tenant.group(Intake.MAX);
    assertThat(dispatches().admit(group, 5, key("k"))).isEqualTo(new Accepted(group));
    assertThat(dispatches().group(tenant.id, group.group().orElseThrow()))
        .isEqualTo(group.dispatches());
    for (Dispatch member : group.dispatches()) {
      assertThat(dispatches().find(member.id())).contains(member);
    }
    assertThat(dispatches().waiting(tenant.id, Samples.T0, 10)).isEqualTo(ids(group.dispatches()));
    Dispatch cancelled = tenant.cancelled(group.dispatches().get(1));
    assertThat(dispatches().group(tenant.id, group.group().orElseThrow()).get(1))
        .as("as it is now")
        .isEqualTo(cancelled);
  }

  private static Intake audited(Intake intake) {
    return new Intake(
        intake.dispatches(),
        Optional.of(
            new AuditRecord(
                AuditId.next(new Ulids(() -> Samples.T0)),
                intake.tenantId(),
                Samples.T0,
                "key_1",
                Admit.ACT,
                Optional.of(intake.first().id().value()),
                AuditRecord.Outcome.DONE,
                Optional.empty())));
  }

  private List<AuditRecord> records(Tenancy tenant) {
    return audit().list(tenant.id, Optional.empty(), 10);
  }

  @Test
  default void whoAskedIsWrittenDownWithWhatIsAccepted() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake one = audited(Intake.of(tenant.dispatch()));
    assertThat(dispatches().admit(one, 4, key("k"))).isEqualTo(new Accepted(one));
    assertThat(dispatches().admit(one, 4, key("k"))).as("sent again").isEqualTo(new Accepted(one));
    Intake group = audited(tenant.group(3, "A task long enough to be kept apart. ".repeat(100)));
    assertThat(dispatches().admit(group, 4, Optional.empty())).isEqualTo(new Accepted(group));
    assertThat(records(tenant))
        .containsExactlyInAnyOrder(one.audited().orElseThrow(), group.audited().orElseThrow());
  }

  @Test
  default void whatIsNotAcceptedIsNotWrittenDown() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake first = audited(Intake.of(tenant.dispatch()));
    assertThat(dispatches().admit(first, 1, key("k"))).isInstanceOf(Accepted.class);
    assertThat(dispatches().admit(audited(Intake.of(tenant.dispatch())), 1, key("k")))
        .isInstanceOf(Replayed.class);
    assertThat(dispatches().admit(audited(Intake.of(tenant.dispatch())), 1, otherRequest("k")))
        .isInstanceOf(KeyReused.class);
    assertThat(dispatches().admit(audited(Intake.of(tenant.dispatch())), 1, Optional.empty()))
        .isEqualTo(usedUp(1));
    assertThat(records(tenant)).containsExactly(first.audited().orElseThrow());
  }

  @Test
  default void aGroupOfLongTasksKeepsEachWhole() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake group = tenant.group(3, "A task long enough to be kept apart. ".repeat(100));
    assertThat(dispatches().admit(group, 5, Optional.empty())).isEqualTo(new Accepted(group));
    for (Dispatch member : group.dispatches()) {
      assertThat(dispatches().find(member.id())).contains(member);
    }
    assertThat(ids(dispatches().group(tenant.id, group.group().orElseThrow())))
        .isEqualTo(ids(group.dispatches()));
  }

  @Test
  default void anUnknownGroupAndAnotherTenantsHaveNobody() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake group = tenant.group(2);
    GroupId id = group.group().orElseThrow();
    assertThat(dispatches().group(tenant.id, id)).as("not yet accepted").isEmpty();
    assertThat(dispatches().admit(group, 2, Optional.empty())).isInstanceOf(Accepted.class);
    assertThat(dispatches().group(new Tenancy(dispatches()).id, id)).isEmpty();
  }

  @Test
  default void aGroupCountsAllItsDispatchesOrNoneIsStored() {
    Tenancy tenant = new Tenancy(dispatches());
    Optional<IdempotencyKey> none = Optional.empty();
    Intake three = tenant.group(3);
    assertThat(dispatches().admit(three, 2, none))
        .isEqualTo(new DayUsedUp(2, 2, usedUp(2).resetsAt()));
    assertThat(dispatches().admit(three, 5, none)).isInstanceOf(Accepted.class);

    Intake more = tenant.group(3);
    assertThat(dispatches().admit(more, 5, key("k")))
        .isEqualTo(new DayUsedUp(5, 2, usedUp(5).resetsAt()));
    assertThat(dispatches().group(tenant.id, more.group().orElseThrow())).isEmpty();
    for (Dispatch member : more.dispatches()) {
      assertThat(dispatches().find(member.id())).isEmpty();
    }
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 10).dispatches())
        .hasSize(3);
    Intake two = tenant.group(2);
    assertThat(dispatches().admit(two, 5, key("k"))).isEqualTo(new Accepted(two));
    assertThat(dispatches().admit(tenant.dispatch(), 5, none)).isEqualTo(usedUp(5));
  }

  @Test
  default void aRepeatedGroupIsAnsweredWithTheFirstAndCountedOnce() {
    Tenancy tenant = new Tenancy(dispatches());
    Intake first = tenant.group(2);
    assertThat(dispatches().admit(first, 4, key("k"))).isEqualTo(new Accepted(first));
    assertThat(dispatches().admit(first, 4, key("k")))
        .as("after a lost answer")
        .isEqualTo(new Accepted(first));
    assertThat(dispatches().admit(tenant.group(2), 4, key("k"))).isEqualTo(new Replayed(first));
    assertThat(dispatches().admit(tenant.group(2), 4, otherRequest("k")))
        .isEqualTo(new KeyReused());
    Intake second = tenant.group(2);
    assertThat(dispatches().admit(second, 4, Optional.empty())).isEqualTo(new Accepted(second));
    assertThat(dispatches().admit(second, 4, Optional.empty()))
        .as("also when the day is used up")
        .isEqualTo(new Accepted(second));
    assertThat(dispatches().admit(tenant.group(2), 4, key("k"))).isEqualTo(new Replayed(first));
  }

  @Test
  default void ofManyGroupsThatRaceForADayOnlyWholeOnesAreAccepted() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Intake> wanted = Race.of(RACERS, _ -> tenant.group(3));
    List<Admission> admissions =
        Race.of(RACERS, i -> dispatches().admit(wanted.get(i), 10, Optional.empty()));
    assertThat(admissions).filteredOn(Accepted.class::isInstance).hasSize(3);
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 100).dispatches())
        .hasSize(9);
    for (int i = 0; i < RACERS; i++) {
      assertThat(dispatches().group(tenant.id, wanted.get(i).group().orElseThrow()))
          .hasSize(admissions.get(i) instanceof Accepted ? 3 : 0);
    }
  }
}
