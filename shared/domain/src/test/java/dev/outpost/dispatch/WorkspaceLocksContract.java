package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.workspace.Booking.WhenBusy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That one dispatch at a time has a persistent workspace, and when it has it. */
interface WorkspaceLocksContract extends DispatchesPort {
  int RACERS = 16;
  String NAME = "default";

  private Dispatch waiting(Tenancy tenant, String name) {
    return tenant.admitted(tenant.booking(name, WhenBusy.WAIT));
  }

  private Dispatch waiting(Tenancy tenant) {
    return waiting(tenant, NAME);
  }

  private Dispatch rejecting(Tenancy tenant) {
    return tenant.admitted(tenant.booking(NAME, WhenBusy.REJECT));
  }

  private void assertHeld(Tenancy tenant, Dispatch by) {
    assertThat(dispatches().held(tenant.id).workspaces())
        .isEqualTo(Map.of(tenant.workspace(NAME), by.id()));
  }

  private void assertFree(Tenancy tenant) {
    assertThat(dispatches().held(tenant.id).workspaces()).isEmpty();
  }

  @Test
  default void aDispatchThatWaitsHasItsWorkspaceFromTheLaunchToTheEnd() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = waiting(tenant);
    assertFree(tenant);
    tenant.running(dispatch);
    assertHeld(tenant, dispatch);
    tenant.changed(dispatch, new DispatchEvent.Finished(1, Samples.T0, Samples.GOOD));
    assertHeld(tenant, dispatch);
    tenant.changed(dispatch, Samples.stopped(0));
    assertFree(tenant);
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void aLongLineForOneWorkspaceHidesNobodyWhoWantsAnother() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.launched(waiting(tenant));
    for (int i = 0; i < 120; i++) {
      waiting(tenant);
    }
    Dispatch other = waiting(tenant, "other");
    assertThat(dispatches().waiting(tenant.id, Samples.T0, 1)).containsExactly(other.id());
    assertThat(dispatches().line(tenant.id, Samples.T0, 1).waiting())
        .containsExactly(other.waiting());
  }

  @Test
  default void whileAnotherHasItADispatchGoesOnWaitingHoweverManySlotsAreFree() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch first = tenant.launched(waiting(tenant));
    Dispatch second = waiting(tenant);
    assertThat(tenant.launch(second, 10)).isEqualTo(new Change.NoSlot(second));
    assertThat(dispatches().find(second.id())).contains(second);
    assertThat(dispatches().slots(tenant.id)).containsExactly(first.id());

    tenant.lost(first);
    assertThat(tenant.launch(second, 10)).isInstanceOf(Change.Changed.class);
    assertHeld(tenant, second);
  }

  @Test
  default void withoutASlotNoWorkspaceIsTaken() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.launched(tenant.admitted());
    assertThat(tenant.launch(waiting(tenant), 1)).isInstanceOf(Change.NoSlot.class);
    assertFree(tenant);
  }

  @Test
  default void otherNamesAndOtherTenantsAreOtherWorkspaces() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.launched(waiting(tenant));
    tenant.launched(waiting(tenant, "other"));
    Tenancy neighbour = new Tenancy(dispatches());
    neighbour.launched(waiting(neighbour));
    assertThat(dispatches().held(tenant.id).workspaces()).hasSize(2);
    assertThat(dispatches().held(neighbour.id).workspaces()).hasSize(1);
  }

  @Test
  default void aDeferredLaunchGivesItsWorkspaceBack() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.launched(waiting(tenant));
    tenant.deferred(dispatch, Duration.ofMinutes(5));
    assertFree(tenant);
    assertThat(tenant.launch(waiting(tenant), 10)).isInstanceOf(Change.Changed.class);
  }

  @Test
  default void oneThatIsOnlyAcceptedWhileItIsFreeHasItFromTheAcceptanceOn() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = rejecting(tenant);
    assertHeld(tenant, dispatch);
    Dispatch other = waiting(tenant);
    assertThat(tenant.launch(other, 10)).isInstanceOf(Change.NoSlot.class);

    tenant.launched(dispatch);
    tenant.deferred(dispatch, Duration.ZERO);
    assertHeld(tenant, dispatch);
    assertThat(dispatches().slots(tenant.id)).isEmpty();
    tenant.changed(
        dispatch, new DispatchEvent.Launching(Samples.T0.plusSeconds(60), Samples.DEFINITION, 1));
    assertHeld(tenant, dispatch);
    tenant.changed(dispatch, new DispatchEvent.TaskGone(2, Samples.T0.plusSeconds(100)));
    assertFree(tenant);
  }

  @Test
  default void whileAnotherHasItItIsRefusedAndNothingIsCountedOrKept() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch holder = tenant.launched(waiting(tenant));
    Dispatch refused = tenant.booking(NAME, WhenBusy.REJECT);
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("once", "0".repeat(64)));
    Admission.WorkspaceBusy busy =
        new Admission.WorkspaceBusy(refused.spec().booking().orElseThrow());
    for (int again = 0; again < 3; again++) {
      assertThat(dispatches().admit(refused, 2, key)).isEqualTo(busy);
    }
    assertThat(dispatches().find(refused.id())).isEmpty();
    assertHeld(tenant, holder);

    tenant.lost(holder);
    assertThat(dispatches().admit(refused, 2, key)).isEqualTo(new Admission.Accepted(refused));
    assertThat(dispatches().admit(refused, 2, key)).isEqualTo(new Admission.Accepted(refused));
    assertHeld(tenant, refused);
    Dispatch repeat = tenant.booking(NAME, WhenBusy.REJECT);
    assertThat(dispatches().admit(repeat, 2, key)).isEqualTo(new Admission.Replayed(refused));
  }

  @Test
  default void aUsedUpDayTakesNoWorkspace() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.booking(NAME, WhenBusy.REJECT);
    assertThat(dispatches().admit(dispatch, 0, Optional.empty()))
        .isInstanceOf(Admission.DayUsedUp.class);
    assertFree(tenant);
  }

  @Test
  default void aCancelOfOneThatWaitsFreesWhatItReserved() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.cancelled(rejecting(tenant));
    assertFree(tenant);
    Dispatch holder = rejecting(tenant);
    tenant.cancelled(waiting(tenant));
    assertHeld(tenant, holder);
  }

  @Test
  default void ofManyThatWantAFreeWorkspaceAtOnceOneIsAccepted() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> wanting =
        IntStream.range(0, RACERS).mapToObj(_ -> tenant.booking(NAME, WhenBusy.REJECT)).toList();
    List<Admission> admissions =
        Race.of(RACERS, i -> dispatches().admit(wanting.get(i), RACERS, Optional.empty()));
    assertThat(admissions).filteredOn(Admission.Accepted.class::isInstance).hasSize(1);
    assertThat(admissions)
        .filteredOn(Admission.WorkspaceBusy.class::isInstance)
        .hasSize(RACERS - 1);
    assertThat(dispatches().held(tenant.id).workspaces()).hasSize(1);
  }

  @Test
  default void ofManyThatAreLaunchedAtOnceOneIs() {
    Tenancy tenant = new Tenancy(dispatches());
    List<Dispatch> wanting = IntStream.range(0, RACERS).mapToObj(_ -> waiting(tenant)).toList();
    List<Change> changes = Race.of(RACERS, i -> tenant.launch(wanting.get(i), RACERS));
    assertThat(changes).filteredOn(Change.Changed.class::isInstance).hasSize(1);
    assertThat(dispatches().slots(tenant.id)).hasSize(1);
  }

  @Test
  default void whoWaitsForAWorkspaceThatAnotherHasHoldsUpNobody() {
    Tenancy tenant = new Tenancy(dispatches());
    Instant later = Samples.T0.plusSeconds(60);
    Dispatch holder = tenant.launched(waiting(tenant));
    Dispatch second = waiting(tenant);
    Dispatch third = waiting(tenant);
    Dispatch plain = tenant.admitted();
    assertThat(dispatches().waiting(tenant.id, later, 1)).containsExactly(plain.id());

    tenant.lost(holder);
    assertThat(dispatches().waiting(tenant.id, later, 10)).containsExactly(second.id(), plain.id());
    Line line = dispatches().line(tenant.id, later, 10);
    assertThat(line.isBehind(third.waiting())).isTrue();
    assertThat(line.isBehind(second.waiting())).isFalse();
    assertThat(line.isBehind(plain.waiting())).isFalse();
    assertThat(line.before(plain.id())).isEqualTo(1);
  }

  @Test
  default void whoReservedItsWorkspaceComesBeforeAnOlderOneThatWaitsForIt() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch older = waiting(tenant);
    Dispatch reserved = rejecting(tenant);
    Line line = dispatches().line(tenant.id, Samples.T0.plusSeconds(60), 10);
    assertThat(line.waiting()).containsExactly(reserved.waiting());
    assertThat(line.held().lets(older.waiting())).isFalse();
    assertThat(line.held().lets(reserved.waiting())).isTrue();
  }
}
