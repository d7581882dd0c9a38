package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** What DynamoDB Local never does, but DynamoDB does. */
class BadDayIT {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Optional<IdempotencyKey> NO_KEY = Optional.empty();

  private final Ulids ulids = new Ulids(InstantSource.fixed(T0));
  private final TenantId tenant = TenantId.random();
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

  private Dispatch dispatch() {
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(1),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return Dispatch.accepted(DispatchId.next(ulids), tenant, spec, T0);
  }

  private Dispatch admitted() {
    Dispatch dispatch = dispatch();
    assertThat(dispatches.admit(dispatch, 100, NO_KEY)).isInstanceOf(Admission.Accepted.class);
    return dispatch;
  }

  private static DispatchEvent launching(int slots) {
    return new DispatchEvent.Launching(T0, "definition", slots);
  }

  private static DispatchEvent claiming() {
    return new DispatchEvent.Claiming(1, new Claimed("runner", T0));
  }

  private Dispatch launched() {
    Change change = dispatches.change(admitted().id(), launching(10));
    return ((Change.Changed) change).after();
  }

  @Test
  void whatIsDueIsToldOnceThoughItsEntryMovesWhileItIsRead() {
    List<Due> launched = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      launched.add(new Due.Launched(launched().id()));
    }
    assertThat(dispatches.due(T0.plus(Dispatch.LAUNCH_LOOK)))
        .containsExactlyInAnyOrderElementsOf(launched);
  }

  @Test
  void oneThatCannotBeReadHidesNoOther() {
    DispatchId spoilt = launched().id();
    DispatchId sound = launched().id();
    local
        .client()
        .updateItem(
            update ->
                update
                    .tableName(Tables.name(Tables.DISPATCHES, "test"))
                    .key(DispatchTable.key(spoilt.value()))
                    .updateExpression("SET #state = :state")
                    .expressionAttributeNames(Map.of("#state", DispatchItem.STATE))
                    .expressionAttributeValues(Map.of(":state", AttributeValues.of("spoilt"))));
    assertThat(dispatches.due(T0.plus(Dispatch.LAUNCH_LOOK)))
        .containsExactlyInAnyOrder(new Due.Launched(spoilt), new Due.Launched(sound));
    assertThat(dispatches.open()).isEqualTo(Map.of("script", Map.of(Status.PROVISIONING, 1)));
  }

  @Test
  void conflictsOfTransactionsAreWaitedFor() {
    dynamo.refuse(3, UnrulyDynamoDb.cancelled("None", "TransactionConflict"));
    Dispatch dispatch = admitted();
    dynamo.refuse(3, UnrulyDynamoDb.cancelled("TransactionConflict", "ThrottlingError"));
    assertThat(dispatches.change(dispatch.id(), launching(1))).isInstanceOf(Change.Changed.class);
    dynamo.refuse(2, TransactionConflictException.builder().message("conflict").build());
    dynamo.refuse(1, ProvisionedThroughputExceededException.builder().message("slower").build());
    assertThat(dispatches.change(dispatch.id(), claiming())).isInstanceOf(Change.Changed.class);
  }

  @Test
  void conflictsWithoutEndAreThrownAtLast() {
    dynamo.refuse(Patience.TRIES, UnrulyDynamoDb.cancelled("None", "TransactionConflict"));
    Dispatch dispatch = dispatch();
    assertThatThrownBy(() -> dispatches.admit(dispatch, 1, NO_KEY))
        .isInstanceOf(TransactionCanceledException.class);
    assertThat(dispatches.find(dispatch.id())).isEmpty();
    assertThat(dispatches.admit(dispatch, 1, NO_KEY)).isEqualTo(new Admission.Accepted(dispatch));
  }

  @Test
  void whatIsNoPassingFaultIsThrownAtOnce() {
    dynamo.refuse(1, UnrulyDynamoDb.cancelled("None", "ValidationError"));
    assertThatThrownBy(() -> dispatches.admit(dispatch(), 1, NO_KEY))
        .isInstanceOf(TransactionCanceledException.class);
  }

  @Test
  void anAdmissionThatTheSdkSendsAgainIsAcceptedAndCountedOnce() {
    dynamo.sendAgain();
    Dispatch dispatch = dispatch();
    assertThat(dispatches.admit(dispatch, 2, NO_KEY)).isEqualTo(new Admission.Accepted(dispatch));
    assertThat(dispatches.admit(dispatch(), 2, NO_KEY)).isInstanceOf(Admission.Accepted.class);
  }

  @Test
  void anAdmissionWithoutAnswerMayBeMadeAgain() {
    dynamo.loseAnswer();
    Dispatch dispatch = dispatch();
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("k", "hash"));
    assertThatThrownBy(() -> dispatches.admit(dispatch, 1, key))
        .isInstanceOf(SdkClientException.class);
    assertThat(dispatches.admit(dispatch, 1, key)).isEqualTo(new Admission.Accepted(dispatch));
    assertThat(dispatches.admit(dispatch(), 1, key)).isEqualTo(new Admission.Replayed(dispatch));
  }

  @Test
  void aRepetitionIsSeenAlsoWhenOnlyTheDayIsNamedAsTheReason() {
    Dispatch dispatch = dispatch();
    Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("k", "hash"));
    dispatches.admit(dispatch, 1, key);
    dynamo.refuse(2, UnrulyDynamoDb.cancelled("None", "ConditionalCheckFailed", "None"));
    assertThat(dispatches.admit(dispatch(), 1, key)).isEqualTo(new Admission.Replayed(dispatch));
    assertThat(dispatches.admit(dispatch, 1, key)).isEqualTo(new Admission.Accepted(dispatch));
  }

  @Test
  void aChangeThatTheSdkSendsAgainIsKnownAsItsOwn() {
    Dispatch dispatch = admitted();
    dynamo.sendAgain();
    assertThat(dispatches.change(dispatch.id(), launching(1))).isInstanceOf(Change.Changed.class);
    dynamo.sendAgain();
    Change claimed = dispatches.change(dispatch.id(), claiming());
    assertThat(claimed).isInstanceOf(Change.Changed.class);
    assertThat(dispatches.find(dispatch.id())).contains(((Change.Changed) claimed).after());
  }

  @Test
  void aChangeWithoutAnswerIsLookedFor() {
    Dispatch dispatch = admitted();
    dynamo.loseAnswer();
    assertThat(dispatches.change(dispatch.id(), launching(1))).isInstanceOf(Change.Changed.class);
    assertThat(dispatches.slots(tenant)).containsExactly(dispatch.id());
    dynamo.loseAnswer();
    assertThat(dispatches.change(dispatch.id(), claiming())).isInstanceOf(Change.Changed.class);
    dynamo.loseAnswer();
    assertThat(dispatches.change(dispatch.id(), new DispatchEvent.TaskGone(1, T0)))
        .isInstanceOf(Change.Changed.class);
    assertThat(dispatches.slots(tenant)).isEmpty();
  }

  @Test
  void aChangeThatDidNotHappenIsThrown() {
    Dispatch dispatch = admitted();
    dynamo.refuse(1, SdkClientException.create("no connection"));
    assertThatThrownBy(() -> dispatches.change(dispatch.id(), launching(1)))
        .isInstanceOf(SdkClientException.class);
    assertThat(dispatches.find(dispatch.id())).contains(dispatch);
  }

  @Test
  void keysThatABatchLeftUnreadAreAskedForAgain() {
    for (int i = 0; i < 10; i++) {
      admitted();
    }
    assertThat(dispatches.list(tenant, Filter.ALL, Optional.empty(), 20).dispatches()).hasSize(10);
  }
}
