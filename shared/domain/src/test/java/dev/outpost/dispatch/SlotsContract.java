package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which changes take and free a tenant's slots. */
interface SlotsContract extends DispatchesPort {
  int RACERS = 32;

  @Test
  default void aTenantThatLaunchedNothingHoldsNoSlot() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.admitted();
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void aSlotIsHeldFromTheLaunchToTheEnd() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.launched(tenant.admitted());
    Set<DispatchId> held = Set.of(dispatch.id());
    assertThat(dispatches().slots(tenant.id)).isEqualTo(held);
    tenant.changed(dispatch, new DispatchEvent.Launched(1, Samples.ARN, Samples.T0));
    tenant.changed(dispatch, Tenancy.claiming("runner"));
    tenant.changed(dispatch, Tenancy.heard(50));
    assertThat(dispatches().slots(tenant.id)).isEqualTo(held);
    tenant.cancelled(dispatch);
    assertThat(dispatches().slots(tenant.id)).as("while it is being stopped").isEqualTo(held);
    tenant.lost(dispatch);
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void withoutAFreeSlotADispatchGoesOnWaiting() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch first = tenant.admitted();
    Dispatch second = tenant.admitted();
    assertThat(tenant.launch(first, 1)).isInstanceOf(Change.Changed.class);
    assertThat(tenant.launch(second, 1)).isEqualTo(new Change.NoSlot(second));
    assertThat(dispatches().find(second.id())).contains(second);

    tenant.lost(first);
    assertThat(tenant.launch(second, 1)).isInstanceOf(Change.Changed.class);
    assertThat(dispatches().slots(tenant.id)).containsExactly(second.id());
  }

  @Test
  default void theSameDispatchNeverHoldsTwoSlots() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted();
    assertThat(tenant.launch(dispatch, 1)).isInstanceOf(Change.Changed.class);
    assertThat(tenant.launch(dispatch, 1)).isInstanceOf(Change.Unchanged.class);
    assertThat(dispatches().slots(tenant.id)).containsExactly(dispatch.id());
  }

  @Test
  default void aDeferredLaunchFreesItsSlotAndTakesOneAgain() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.launched(tenant.admitted());
    tenant.deferred(dispatch, Duration.ZERO);
    assertThat(dispatches().slots(tenant.id)).isEmpty();
    Dispatch other = tenant.launched(tenant.admitted());
    DispatchEvent later =
        new DispatchEvent.Launching(Samples.T0.plusSeconds(60), Samples.DEFINITION, 1);
    assertThat(dispatches().change(dispatch.id(), later)).isInstanceOf(Change.NoSlot.class);
    tenant.lost(other);
    assertThat(dispatches().change(dispatch.id(), later)).isInstanceOf(Change.Changed.class);
    assertThat(dispatches().slots(tenant.id)).containsExactly(dispatch.id());
  }

  @Test
  default void cancellingAWaitingDispatchTouchesNobodysSlot() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch holder = tenant.launched(tenant.admitted());
    tenant.cancelled(tenant.admitted());
    assertThat(dispatches().slots(tenant.id)).containsExactly(holder.id());
  }

  @Test
  default void aSmallerTierTakesNoSlotAwayAndGivesNone() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> three = tenant.admitted(3);
    tenant.launched(three.get(0));
    tenant.launched(three.get(1));
    assertThat(tenant.launch(three.get(2), 1)).isInstanceOf(Change.NoSlot.class);
    assertThat(dispatches().slots(tenant.id)).hasSize(2);
    tenant.lost(three.get(0));
    assertThat(tenant.launch(three.get(2), 1)).isInstanceOf(Change.NoSlot.class);
    assertThat(tenant.launch(three.get(2), 2)).isInstanceOf(Change.Changed.class);
  }

  @Test
  default void withNoSlotsAtAllNothingIsLaunched() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted();
    assertThat(tenant.launch(dispatch, 0)).isEqualTo(new Change.NoSlot(dispatch));
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void tenantsHaveTheirOwnSlots() {
    Tenancy one = new Tenancy(dispatches());
    Tenancy other = new Tenancy(dispatches());
    assertThat(one.launch(one.admitted(), 1)).isInstanceOf(Change.Changed.class);
    assertThat(other.launch(other.admitted(), 1)).isInstanceOf(Change.Changed.class);
    assertThat(dispatches().slots(one.id)).hasSize(1);
  }

  @Test
  default void manyThatRaceForAFewSlotsTakeExactlyThose() {
    Tenancy tenant = new Tenancy(dispatches());
    int slots = 3;
    List<Dispatch> waiting = tenant.admitted(RACERS);
    List<Change> changes = Race.of(RACERS, i -> tenant.launch(waiting.get(i), slots));

    assertThat(changes).filteredOn(Change.NoSlot.class::isInstance).hasSize(RACERS - slots);
    Set<DispatchId> launched =
        changes.stream()
            .filter(Change.Changed.class::isInstance)
            .map(change -> ((Change.Changed) change).after().id())
            .collect(Collectors.toSet());
    assertThat(launched).hasSize(slots);
    assertThat(dispatches().slots(tenant.id)).isEqualTo(launched);
  }

  @Test
  default void underLaunchesAndEndsTheLimitHoldsAtEveryInstant() {
    Tenancy tenant = new Tenancy(dispatches());
    int slots = 2;
    List<Dispatch> waiting = tenant.admitted(RACERS);
    List<Integer> seen =
        Race.of(
            RACERS / 4,
            racer -> {
              List<Dispatch> mine = new ArrayList<>(waiting.subList(racer * 4, racer * 4 + 4));
              int most = 0;
              while (!mine.isEmpty()) {
                Dispatch dispatch = mine.getFirst();
                if (tenant.launch(dispatch, slots) instanceof Change.Changed) {
                  most = Math.max(most, dispatches().slots(tenant.id).size());
                  tenant.lost(dispatch);
                  mine.remove(dispatch);
                }
              }
              return most;
            });
    assertThat(seen).allMatch(most -> most <= slots);
    assertThat(dispatches().slots(tenant.id)).isEmpty();
    assertThat(dispatches().waiting(tenant.id, Samples.T0.plusSeconds(9), RACERS)).isEmpty();
  }

  @Test
  default void aCancelThatRacesWithALaunchLeavesNoSlotBehind() {
    Tenancy tenant = new Tenancy(dispatches());
    for (int round = 0; round < 5; round++) {
      Dispatch dispatch = tenant.admitted();
      List<DispatchEvent> events =
          List.of(
              Tenancy.launching(1),
              new DispatchEvent.StopAsked(Samples.T0.plusSeconds(5), Samples.CANCELLED));
      Race.of(2, i -> dispatches().change(dispatch.id(), events.get(i)));
      Dispatch now = dispatches().find(dispatch.id()).orElseThrow();
      assertThat(dispatches().slots(tenant.id).contains(dispatch.id()))
          .isEqualTo(now.state().holdsSlot());
      assertThat(now.state())
          .isInstanceOfAny(DispatchState.Ended.class, DispatchState.Stopping.class);
      if (now.state().holdsSlot()) {
        tenant.lost(dispatch);
      }
      assertThat(dispatches().slots(tenant.id)).isEmpty();
    }
  }

  @Test
  default void whatNeverEndedIsStillHeldWhenAskedForById() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> held = tenant.admitted(50);
    held.forEach(
        dispatch -> assertThat(tenant.launch(dispatch, 50)).isInstanceOf(Change.Changed.class));
    assertThat(dispatches().slots(tenant.id))
        .containsExactlyInAnyOrderElementsOf(held.stream().map(Dispatch::id).toList());
    assertThat(dispatches().list(tenant.id, Filter.ALL, Optional.empty(), 100).dispatches())
        .allMatch(dispatch -> dispatch.state().holdsSlot());
  }
}
