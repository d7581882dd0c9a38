package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Artifact;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many calls and units each step of a usual dispatch costs: see RATIONALE.md. */
class CostIT {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");
  private static final String ARN =
      "arn:aws:ecs:eu-central-1:111122223333:task/outpost-prod/0123456789abcdef0123456789abcdef";
  private static final String SHORT = "Fix the flaky test in the build, and say what it was.";

  private static final String LONG = SHORT.repeat(40);

  private DynamoDbLocal local;
  private UnrulyDynamoDb dynamo;
  private DynamoDispatches dispatches;

  @BeforeEach
  void start() {
    local = DynamoDbLocal.start();
    DynamoTables.create(local.client(), "test");
    dynamo = new UnrulyDynamoDb(local.client());
    dispatches = new DynamoDispatches(dynamo, "test");
  }

  @AfterEach
  void stop() {
    local.close();
  }

  private static Dispatch dispatch(String task) {
    Spec spec =
        new Spec(
            "claude",
            Optional.of("claude-opus-4-5-20251101"),
            task,
            Optional.of("owner/name"),
            new Workspace(
                Optional.of("https://github.com/owner/name.git"),
                Optional.empty(),
                Workspace.Init.FULL),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    DispatchId id = DispatchId.next(new Ulids(InstantSource.fixed(T0)));
    return Dispatch.accepted(id, TenantId.random(), spec, T0);
  }

  /** As the API does it: with the audit's record. */
  private void admit(Dispatch dispatch, Optional<IdempotencyKey> key) {
    AuditRecord line =
        new AuditRecord(
            AuditId.next(new Ulids(InstantSource.fixed(T0))),
            dispatch.tenantId(),
            T0,
            "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG",
            Admit.ACT,
            Optional.of(dispatch.id().value()),
            AuditRecord.Outcome.DONE,
            Optional.empty());
    assertThat(dispatches.admit(new Intake(List.of(dispatch), Optional.of(line)), 10, key))
        .isInstanceOf(Admission.Accepted.class);
  }

  private static List<DispatchEvent> life() {
    RunResult result =
        new RunResult(
            Optional.empty(),
            OptionalInt.of(0),
            "I changed the wait in two tests to a latch; all tests of the module pass now.",
            Optional.of(new Usage(120_000, 90_000, 4_500, OptionalDouble.of(1.2345))),
            Optional.of("0123456789abcdef0123456789abcdef01234567"),
            2,
            List.of(
                new Artifact(Artifact.Type.RESULT, 900),
                new Artifact(Artifact.Type.PATCH, 12_345),
                new Artifact(Artifact.Type.LOG, 1_234_567),
                new Artifact(Artifact.Type.METADATA, 700)));
    return List.of(
        new DispatchEvent.Launching(
            T0.plusSeconds(1),
            "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-claude-prod:17",
            3),
        new DispatchEvent.Launched(1, ARN, T0),
        new DispatchEvent.Claiming(
            1, new Claimed("0123456789abcdef0123456789abcdef", T0.plusSeconds(30))),
        new DispatchEvent.Heard(
            1, T0.plusSeconds(60), new Progress(50, "running"), Optional.empty()),
        new DispatchEvent.Finished(1, T0.plusSeconds(90), result),
        new DispatchEvent.TaskStopped(
            OptionalInt.of(1), ARN, T0.plusSeconds(95), OptionalInt.of(0), Optional.empty()));
  }

  private List<String> operations() {
    return dynamo.calls().stream().map(UnrulyDynamoDb.Call::operation).toList();
  }

  private static double units(List<UnrulyDynamoDb.Call> calls, boolean reads) {
    return calls.stream()
        .filter(call -> call.operation().equals("GetItem") == reads)
        .mapToDouble(UnrulyDynamoDb.Call::units)
        .sum();
  }

  @Test
  void anAdmissionIsOneCall() {
    admit(dispatch(SHORT), Optional.empty());
    assertThat(operations()).containsExactly("TransactWriteItems");
    admit(dispatch(LONG), Optional.of(new IdempotencyKey("k", "0".repeat(64))));
    assertThat(operations()).containsExactly("TransactWriteItems");
  }

  @Test
  void aChangeIsOneReadAndOneWriteAndAClaimOfALongTaskOneReadMore() {
    Dispatch dispatch = dispatch(LONG);
    admit(dispatch, Optional.empty());
    dynamo.calls();
    for (DispatchEvent event : life()) {
      assertThat(dispatches.change(dispatch.id(), event)).isInstanceOf(Change.Changed.class);
      assertThat(operations())
          .isEqualTo(
              switch (event) {
                case DispatchEvent.Launching _, DispatchEvent.TaskStopped _ ->
                    List.of("GetItem", "TransactWriteItems");
                case DispatchEvent.Claiming _ -> List.of("GetItem", "GetItem", "UpdateItem");
                default -> List.of("GetItem", "UpdateItem");
              });
    }
  }

  @Test
  void aChangeOfWhatWasJustReadIsOneWrite() {
    Dispatch dispatch = dispatch(LONG);
    admit(dispatch, Optional.empty());
    Dispatch seen = dispatches.find(dispatch.id()).orElseThrow();
    dynamo.calls();
    Change launching = dispatches.change(seen, life().get(0));
    Change launched = dispatches.change(((Change.Changed) launching).after(), life().get(1));
    assertThat(launched).isInstanceOf(Change.Changed.class);
    assertThat(operations()).containsExactly("TransactWriteItems", "UpdateItem");
  }

  /** The units are those of DynamoDB Local, which doubles an index's share in a transaction. */
  @Test
  void aUsualLifeIsSevenWritesOfOneKilobyteEach() {
    Dispatch dispatch = dispatch(SHORT);
    admit(dispatch, Optional.empty());
    for (DispatchEvent event : life()) {
      dispatches.change(dispatch.id(), event);
    }
    List<UnrulyDynamoDb.Call> calls = dynamo.calls();
    assertThat(calls).filteredOn(call -> !call.operation().equals("GetItem")).hasSize(7);
    assertThat(units(calls, false)).isLessThanOrEqualTo(26);
    assertThat(units(calls, true)).isLessThanOrEqualTo(6);
  }
}
