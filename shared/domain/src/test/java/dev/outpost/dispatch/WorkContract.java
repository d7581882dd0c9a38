package dev.outpost.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

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
  private void assertDue(Dispatch dispatch, Status status) {
    Instant at = dispatch.dueAt().orElseThrow();
    assertThat(due(dispatch, at.minusNanos(1))).isEmpty();
    assertThat(due(dispatch, at)).contains(new Due(dispatch.id(), dispatch.tenantId(), status));
    assertThat(due(dispatch, at.plus(Duration.ofDays(3)))).isPresent();
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
    assertDue(tenant.admitted(), Status.PENDING);
    assertDue(tenant.launched(tenant.admitted()), Status.PROVISIONING);
    assertDue(tenant.running(tenant.admitted()), Status.RUNNING);
    assertDue(tenant.completing(tenant.admitted()), Status.COMPLETING);
    assertDue(tenant.stopping(tenant.admitted()), Status.COMPLETING);
    assertDue(
        tenant.deferred(tenant.launched(tenant.admitted()), Duration.ofMinutes(5)), Status.PENDING);
  }

  @Test
  default void whatHasEndedIsNeverDue() {
    Tenancy tenant = new Tenancy(dispatches());
    Instant never = LATER.plus(Duration.ofDays(30));
    assertThat(due(tenant.succeeded(tenant.admitted()), never)).isEmpty();
    assertThat(due(tenant.cancelled(tenant.admitted()), never)).isEmpty();
    assertThat(due(tenant.lost(tenant.stopping(tenant.admitted())), never)).isEmpty();
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
