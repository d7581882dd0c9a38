package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.Ulids;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sixty-four at once, on transactions of which only some may win. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyWritersIT {
  private static final int THREADS = 64;
  private static final int NO_LIMIT = 10_000;
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final String ARN = "arn:aws:ecs:eu-central-1:111122223333:task/outpost/1";

  private final Ulids ulids = new Ulids(InstantSource.fixed(T0));
  private DynamoDbLocal dynamo;
  private Dispatches dispatches;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    dispatches = new DynamoDispatches(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  private Dispatch dispatch(TenantId tenant) {
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo a task of many",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(5),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return Dispatch.accepted(DispatchId.next(ulids), tenant, spec, T0);
  }

  private List<DispatchId> admitted(TenantId tenant, int howMany) {
    List<DispatchId> ids = new ArrayList<>();
    for (int i = 0; i < howMany; i++) {
      Dispatch dispatch = dispatch(tenant);
      dispatches.admit(dispatch, NO_LIMIT, Optional.empty());
      ids.add(dispatch.id());
    }
    return ids;
  }

  private Change launch(DispatchId id, int slots) {
    return dispatches.change(id, new DispatchEvent.Launching(T0, "definition:1", slots));
  }

  private static long count(List<?> results, Class<?> type) {
    return results.stream().filter(type::isInstance).count();
  }

  @Test
  void noMoreThanTheSlotsAreTaken() {
    TenantId tenant = TenantId.random();
    List<DispatchId> ids = admitted(tenant, THREADS);
    List<Change> changes = Race.of(THREADS, i -> launch(ids.get(i), 3));
    assertThat(count(changes, Change.Changed.class)).isEqualTo(3);
    assertThat(count(changes, Change.NoSlot.class)).isEqualTo(THREADS - 3);
    Set<DispatchId> holders = new HashSet<>();
    for (DispatchId id : ids) {
      if (dispatches.find(id).orElseThrow().state().holdsSlot()) {
        holders.add(id);
      }
    }
    assertThat(dispatches.slots(tenant)).isEqualTo(holders).hasSize(3);
  }

  @Test
  void slotsThatAreTakenAndFreedAllTheTimeStayTrue() {
    TenantId tenant = TenantId.random();
    List<DispatchId> ids = admitted(tenant, THREADS);
    Failure full = new Failure(Cause.NO_CAPACITY, "No room.");
    Race.of(
        THREADS,
        i -> {
          for (int turn = 0; turn < 3; turn++) {
            if (launch(ids.get(i), 5) instanceof Change.Changed changed) {
              int attempt = changed.after().state().launched().orElseThrow().attempt();
              assertThat(dispatches.slots(tenant)).hasSizeLessThanOrEqualTo(5);
              dispatches.change(
                  ids.get(i), new DispatchEvent.LaunchDeferred(attempt, T0, T0, full));
            }
          }
          return i;
        });
    assertThat(dispatches.slots(tenant)).isEmpty();
    assertThat(dispatches.freeEnded(tenant)).isZero();
  }

  @Test
  void theDaysQuotaIsExact() {
    TenantId tenant = TenantId.random();
    List<Admission> admissions =
        Race.of(THREADS, _ -> dispatches.admit(dispatch(tenant), 10, Optional.empty()));
    assertThat(count(admissions, Admission.Accepted.class)).isEqualTo(10);
    assertThat(count(admissions, Admission.DayUsedUp.class)).isEqualTo(THREADS - 10);
  }

  @Test
  void oneIdempotencyKeyIsOneDispatchAndChargedOnce() {
    TenantId tenant = TenantId.random();
    IdempotencyKey key = new IdempotencyKey("key", "hash");
    List<Admission> admissions =
        Race.of(THREADS, _ -> dispatches.admit(dispatch(tenant), 2, Optional.of(key)));
    assertThat(count(admissions, Admission.Accepted.class)).isEqualTo(1);
    Set<DispatchId> ids = new HashSet<>();
    for (Admission admission : admissions) {
      switch (admission) {
        case Admission.Accepted accepted -> ids.add(accepted.intake().first().id());
        case Admission.Replayed replayed -> ids.add(replayed.intake().first().id());
        case Admission.KeyReused _, Admission.DayUsedUp _, Admission.WorkspaceBusy _ ->
            throw new AssertionError(admission);
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(
            dispatches.admit(
                dispatch(tenant), 2, Optional.of(new IdempotencyKey("key", "another"))))
        .isInstanceOf(Admission.KeyReused.class);
    assertThat(dispatches.admit(dispatch(tenant), 2, Optional.empty()))
        .isInstanceOf(Admission.Accepted.class);
    assertThat(dispatches.admit(dispatch(tenant), 2, Optional.empty()))
        .isInstanceOf(Admission.DayUsedUp.class);
  }

  @Test
  void oneOfManyClaimantsGetsTheJob() {
    DispatchId id = admitted(TenantId.random(), 1).getFirst();
    launch(id, 3);
    List<Change> changes =
        Race.of(
            THREADS,
            i ->
                dispatches.change(
                    id, new DispatchEvent.Claiming(1, new Claimed("runner-" + i, T0))));
    assertThat(count(changes, Change.Changed.class)).isEqualTo(1);
    assertThat(count(changes, Change.Refused.class)).isEqualTo(THREADS - 1);
  }

  @Test
  void ofAllThatWouldEndItOneDoesAndTheEndStays() {
    TenantId tenant = TenantId.random();
    DispatchId id = admitted(tenant, 1).getFirst();
    launch(id, 3);
    dispatches.change(id, new DispatchEvent.Claiming(1, new Claimed("runner", T0)));
    List<Change> changes =
        Race.of(
            THREADS,
            i ->
                dispatches.change(
                    id,
                    i % 2 == 0
                        ? new DispatchEvent.StopAsked(
                            T0, new Failure(Cause.CANCELLED, "Cancelled."))
                        : new DispatchEvent.TaskStopped(
                            OptionalInt.of(1), ARN, T0, OptionalInt.of(1), Optional.empty())));
    Dispatch end = dispatches.find(id).orElseThrow();
    assertThat(end.state().isTerminal()).isTrue();
    assertThat(
            changes.stream()
                .filter(
                    change -> change instanceof Change.Changed c && c.after().state().isTerminal()))
        .hasSize(1);
    dispatches.change(id, new DispatchEvent.TaskGone(1, T0.plusSeconds(9)));
    assertThat(dispatches.find(id)).contains(end);
    assertThat(dispatches.slots(tenant)).isEmpty();
  }
}
