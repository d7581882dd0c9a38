package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the launcher and the reconciler find to do. */
interface WorkContract extends DispatchesPort {
  Instant LATER = Samples.T0.plusSeconds(3_600);

  private Optional<Due> due(Dispatch dispatch, Instant now) {
    List<Due> found =
        dispatches().due(now).stream().filter(due -> due.id().equals(dispatch.id())).toList();
    assertThat(found).hasSizeLessThanOrEqualTo(1);
    return found.stream().findFirst();
  }

  /** That it is due from its own time on, and not before. */
  private void assertDue(Dispatch dispatch, Due as) {
    Instant at = dispatch.dueAt();
    assertThat(due(dispatch, at.minusNanos(1))).isEmpty();
    assertThat(due(dispatch, at)).contains(as);
    assertThat(due(dispatch, at.plus(Duration.ofDays(3)))).contains(as);
  }

  private void assertDueAsPending(Dispatch dispatch) {
    assertDue(dispatch, new Due.Pending(dispatch.id(), dispatch.tenantId(), false));
  }

  private void assertDueAsLaunched(Dispatch dispatch) {
    assertDue(dispatch, new Due.Launched(dispatch.id()));
  }

  /** That it is due as an end that nobody was told of, until it is told. */
  private void assertDueUntilTold(Dispatch ended) {
    assertDue(ended, new Due.Untold(ended.id()));
    dispatches().told(ended);
    dispatches().told(ended);
    assertThat(due(ended, ended.dueAt().plus(Duration.ofDays(30)))).isEmpty();
    assertThat(dispatches().find(ended.id())).contains(ended);
  }

  @Test
  default void theLongestWaitingComesFirst() {
    Tenancy tenant = new Tenancy(dispatches());
    List<DispatchId> all = tenant.admitted(5).stream().map(Dispatch::id).toList();
    assertThat(dispatches().waiting(tenant.id, LATER, 10)).isEqualTo(all);
    assertThat(dispatches().waiting(tenant.id, LATER, 2)).isEqualTo(all.subList(0, 2));
    assertThat(dispatches().waiting(new Tenancy(dispatches()).id, LATER, 10)).isEmpty();
  }

  @Test
  default void onlyPendingDispatchesWait() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.launched(tenant.admitted());
    tenant.running(tenant.admitted());
    tenant.cancelled(tenant.admitted());
    tenant.succeeded(tenant.admitted());
    Dispatch pending = tenant.admitted();
    assertThat(dispatches().waiting(tenant.id, LATER, 10)).containsExactly(pending.id());
  }

  @Test
  default void aDeferredDispatchWaitsFirstForItsTime() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch deferred = tenant.deferred(tenant.launched(tenant.admitted()), Duration.ofMinutes(5));
    Dispatch other = tenant.admitted();
    Instant eligible = ((DispatchState.Pending) deferred.state()).eligibleAt();
    assertThat(dispatches().waiting(tenant.id, eligible.minusNanos(1), 1))
        .containsExactly(other.id());
    assertThat(dispatches().waiting(tenant.id, eligible, 5))
        .containsExactly(deferred.id(), other.id());
  }

  @Test
  default void everyOpenDispatchIsDueAtItsTime() {
    Tenancy tenant = new Tenancy(dispatches());
    assertDueAsPending(tenant.admitted());
    assertDueAsLaunched(tenant.launched(tenant.admitted()));
    assertDueAsLaunched(tenant.running(tenant.admitted()));
    assertDueAsLaunched(tenant.completing(tenant.admitted()));
    assertDueAsLaunched(tenant.stopping(tenant.admitted()));
    assertDueAsPending(tenant.deferred(tenant.launched(tenant.admitted()), Duration.ofMinutes(5)));
  }

  @Test
  default void oneThatWaitedForItsWholeTimeIsDueAsExpired() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch dispatch = tenant.admitted();
    // The second before covers that an id is drawn in another moment than the dispatch is accepted.
    assertThat(due(dispatch, dispatch.expiresAt().minusSeconds(1)))
        .contains(new Due.Pending(dispatch.id(), dispatch.tenantId(), false));
    assertThat(due(dispatch, dispatch.expiresAt().plusSeconds(1)))
        .contains(new Due.Pending(dispatch.id(), dispatch.tenantId(), true));
  }

  @Test
  default void oneWhoseNextLaunchIsLaterThanItMayWaitIsDueWhenItsTimeIsOver() {
    Tenancy tenant = new Tenancy(dispatches());
    Instant until = Samples.T0.plusSeconds(70);
    Spec usual = Samples.spec();
    Spec spec =
        new Spec(
            usual.agent(),
            usual.model(),
            usual.task(),
            usual.repo(),
            usual.workspace(),
            usual.context(),
            usual.timeout(),
            usual.size(),
            usual.tags(),
            Optional.of(until));
    Dispatch accepted = tenant.admitted(tenant.dispatch(Samples.T0, spec));
    Dispatch deferred = tenant.deferred(tenant.launched(accepted), Duration.ofMinutes(5));
    assertThat(due(deferred, until.minusNanos(1))).isEmpty();
    assertThat(due(deferred, until))
        .contains(new Due.Pending(deferred.id(), deferred.tenantId(), true));
  }

  @Test
  default void whatHasEndedIsDueUntilEverybodyWasTold() {
    Tenancy tenant = new Tenancy(dispatches());
    assertDueUntilTold(tenant.succeeded(tenant.admitted()));
    assertDueUntilTold(tenant.cancelled(tenant.admitted()));
    assertDueUntilTold(tenant.lost(tenant.stopping(tenant.admitted())));
  }

  @Test
  default void whatWasNeverStoredIsNotMadeByBeingTold() {
    Tenancy tenant = new Tenancy(dispatches());
    Dispatch nobodys =
        new Dispatch(
            DispatchId.next(new Ulids(() -> Samples.T0)),
            tenant.id,
            Samples.spec(),
            new Origin.Asked(),
            Samples.T0,
            Samples.states().get("Ended"),
            2,
            List.of(new Passage(Status.PENDING, 1, Samples.T0)));
    dispatches().told(nobodys);
    assertThat(dispatches().find(nobodys.id())).isEmpty();
  }

  @Test
  default void whatHasEndedWaitsNoMoreThoughNobodyWasTold() {
    Tenancy tenant = new Tenancy(dispatches());
    tenant.admitted(120).forEach(tenant::cancelled);
    Dispatch pending = tenant.admitted();
    assertThat(dispatches().waiting(tenant.id, LATER, 1)).containsExactly(pending.id());
    assertThat(dispatches().open()).containsEntry(tenant.agent, Map.of(Status.PENDING, 1));
  }

  @Test
  default void openOnesAreCountedByAgentAndStatus() {
    Tenancy tenant = new Tenancy(dispatches());
    assertThat(dispatches().open()).doesNotContainKey(tenant.agent);
    tenant.admitted(3);
    tenant.launched(tenant.admitted());
    tenant.completing(tenant.admitted());
    tenant.stopping(tenant.admitted());
    tenant.succeeded(tenant.admitted());
    Tenancy other = new Tenancy(dispatches());
    other.running(other.admitted());
    Map<String, Map<Status, Integer>> open = dispatches().open();
    assertThat(open)
        .containsEntry(
            tenant.agent, Map.of(Status.PENDING, 3, Status.PROVISIONING, 1, Status.COMPLETING, 2))
        .containsEntry(other.agent, Map.of(Status.RUNNING, 1));
  }
}
