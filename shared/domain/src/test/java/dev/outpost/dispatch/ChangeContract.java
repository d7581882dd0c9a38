package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What {@link Dispatches#change} does, beside slots. */
interface ChangeContract extends DispatchesPort {
  int RACERS = 32;

  private List<Dispatch> ended(Tenancy tenant) {
    return List.of(
        tenant.succeeded(tenant.admitted()),
        tenant.cancelled(tenant.admitted()),
        tenant.lost(tenant.stopping(tenant.admitted())));
  }

  @Test
  default void anUnknownDispatchStaysUnknown() {
    Dispatch never = new Tenancy(dispatches()).dispatch();
    for (DispatchEvent event : Samples.events().values()) {
      assertThat(dispatches().change(never.id(), event)).isEqualTo(new Change.Unknown());
    }
    assertThat(dispatches().find(never.id())).isEmpty();
  }

  @Test
  default void everyStateIsStoredAsItWasAnswered() {
    Tenancy tenant = new Tenancy(dispatches());
    List<UnaryOperator<Dispatch>> lives =
        List.of(
            tenant::launched,
            tenant::running,
            tenant::completing,
            tenant::succeeded,
            tenant::stopping,
            tenant::cancelled,
            dispatch -> tenant.deferred(tenant.launched(dispatch), Duration.ofSeconds(9)),
            dispatch -> tenant.lost(tenant.running(dispatch)),
            dispatch ->
                tenant.changed(
                    tenant.launched(dispatch),
                    new DispatchEvent.Launched(1, Samples.ARN, Samples.T0)));
    for (UnaryOperator<Dispatch> life : lives) {
      Dispatch answered = life.apply(tenant.admitted());
      assertThat(dispatches().find(answered.id())).contains(answered);
    }
  }

  @Test
  default void aChangeTellsWhatWasAndWhatIs() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted();
    Launch launch = new Launch(1, Samples.T0.plusSeconds(5), Samples.DEFINITION, Optional.empty());
    assertThat(tenant.launch(dispatch, 1))
        .isEqualTo(
            new Change.Changed(dispatch, dispatch.in(new DispatchState.Provisioning(launch))));
  }

  @Test
  default void whatWasReadBeforeIsChangedAsItIsNow() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch read = tenant.admitted();
    Dispatch launched = tenant.launched(read);
    // As it was read, it would ignore the one and end by the other.
    Change known =
        dispatches().change(read, new DispatchEvent.Launched(1, Samples.ARN, Samples.T0));
    assertThat(known).isInstanceOf(Change.Changed.class);
    assertThat(((Change.Changed) known).before()).isEqualTo(launched);
    Change stopped =
        dispatches()
            .change(
                read, new DispatchEvent.StopAsked(Samples.T0.plusSeconds(7), Samples.CANCELLED));
    assertThat(((Change.Changed) stopped).after().state())
        .isInstanceOf(DispatchState.Stopping.class);
    assertThat(dispatches().find(read.id())).contains(((Change.Changed) stopped).after());
    assertThat(dispatches().change(new Tenancy(dispatches()).dispatch(), Tenancy.launching(1)))
        .isEqualTo(new Change.Unknown());
  }

  @Test
  default void aLongTaskStaysWholeWhenItsHeadIsChanged() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted(tenant.dispatch("a long task ".repeat(200)));
    Change launched = dispatches().change(dispatch, Tenancy.launching(1));
    Dispatch summary = ((Change.Changed) launched).after();
    Change known =
        dispatches().change(summary, new DispatchEvent.Launched(1, Samples.ARN, Samples.T0));
    assertThat(known).isInstanceOf(Change.Changed.class);
    assertThat(dispatches().find(dispatch.id()).orElseThrow().spec()).isEqualTo(dispatch.spec());
  }

  @Test
  default void whatSaysNothingNewAndWhatIsRefusedWriteNothing() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch running = tenant.running(tenant.admitted());
    Change again = dispatches().change(running.id(), Tenancy.launching(5));
    Change other = dispatches().change(running.id(), Tenancy.claiming("runner-2"));
    assertThat(again).isInstanceOf(Change.Unchanged.class);
    assertThat(((Change.Unchanged) again).dispatch()).isEqualTo(running);
    assertThat(other).isInstanceOf(Change.Refused.class);
    assertThat(((Change.Refused) other).dispatch()).isEqualTo(running);
    assertThat(dispatches().find(running.id())).contains(running);
  }

  @Test
  default void theEndAbsorbsEverything() {
    Tenancy tenant = new Tenancy(dispatches());
    List<DispatchEvent> events = new ArrayList<>(Samples.events().values());
    events.add(Samples.stopped(1));
    events.add(
        new DispatchEvent.TaskStopped(
            OptionalInt.empty(),
            "another task",
            Samples.T0.plusSeconds(200),
            OptionalInt.empty(),
            Optional.of(Samples.NO_ROOM)));
    for (Dispatch end : ended(tenant)) {
      Optional<Dispatch> stored = dispatches().find(end.id());
      for (DispatchEvent event : events) {
        assertThat(dispatches().change(end.id(), event))
            .isInstanceOfAny(Change.Unchanged.class, Change.Refused.class);
      }
      assertThat(dispatches().find(end.id())).isEqualTo(stored).contains(end);
    }
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void ofManyClaimersExactlyOneGetsTheJob() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.launched(tenant.admitted());
    List<Change> changes =
        Race.of(RACERS, i -> dispatches().change(dispatch.id(), Tenancy.claiming("runner-" + i)));
    assertThat(changes).filteredOn(Change.Changed.class::isInstance).hasSize(1);
    assertThat(changes).filteredOn(Change.Refused.class::isInstance).hasSize(RACERS - 1);
  }

  @Test
  default void ofOneEventThatComesManyTimesAtOnceExactlyOneChanges() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.launched(tenant.admitted());
    DispatchEvent claim = Tenancy.claiming("the same runner");
    List<Change> changes = Race.of(RACERS, _ -> dispatches().change(dispatch.id(), claim));
    assertThat(changes).filteredOn(Change.Changed.class::isInstance).hasSize(1);
    assertThat(changes).filteredOn(Change.Unchanged.class::isInstance).hasSize(RACERS - 1);
  }

  @Test
  default void conflictingEventsAreDecidedAgainOnWhatIsThere() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.running(tenant.admitted());
    List<Change> changes =
        Race.of(
            6,
            i ->
                dispatches()
                    .change(dispatch.id(), Tenancy.heard(20 + i * Lifecycle.TELLING_PROGRESS)));

    long changed = changes.stream().filter(Change.Changed.class::isInstance).count();
    Dispatch now = dispatches().find(dispatch.id()).orElseThrow();
    assertThat(changed).isPositive();
    assertThat(now.version()).isEqualTo(dispatch.version() + changed);
    assertThat(((DispatchState.Running) now.state()).progress().percent())
        .as("no report was lost to another")
        .isEqualTo(95);
    assertThat(changes.stream().filter(Change.Changed.class::isInstance))
        .extracting(change -> ((Change.Changed) change).after().version())
        .doesNotHaveDuplicates();
  }

  @Test
  default void anEndAndAStopThatRaceLeaveOneEnd() {
    Tenancy tenant = new Tenancy(dispatches());
    for (int round = 0; round < 5; round++) {
      Dispatch dispatch = tenant.completing(tenant.admitted());
      List<DispatchEvent> events =
          List.of(
              Samples.stopped(0),
              new DispatchEvent.StopAsked(Samples.T0.plusSeconds(95), Samples.CANCELLED),
              new DispatchEvent.StopAsked(Samples.T0.plusSeconds(95), Samples.TIMEOUT),
              new DispatchEvent.TaskGone(1, Samples.T0.plusSeconds(96)));
      Race.of(events.size(), i -> dispatches().change(dispatch.id(), events.get(i)));
      assertThat(dispatches().find(dispatch.id()).orElseThrow().state().isTerminal()).isTrue();
    }
    assertThat(dispatches().slots(tenant.id)).isEmpty();
  }

  @Test
  default void whoClaimsHearsTheWholeTaskAlsoWhenAskingAgain() {
    Tenancy tenant = new Tenancy(dispatches());
    for (String task : List.of("a short task", "A long one. ".repeat(3_000))) {
      Dispatch dispatch = tenant.admitted(tenant.dispatch(task));
      tenant.launched(dispatch);
      Dispatch claimed = tenant.changed(dispatch, Tenancy.claiming("runner"));
      Change again = dispatches().change(dispatch.id(), Tenancy.claiming("runner"));
      assertThat(claimed.spec()).isEqualTo(dispatch.spec());
      assertThat(((Change.Unchanged) again).dispatch()).isEqualTo(claimed);
    }
  }
}
