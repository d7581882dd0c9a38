package dev.outpost.dynamodb;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.items.Tables;
import dev.outpost.items.WorkspaceItem;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Persistent workspaces in DynamoDB, an item of the tenants table each. Safe for use by many
 * threads and processes.
 */
public final class DynamoWorkspaces implements Workspaces {
  private static final int SLOTS = 0;
  private static final int RECORD = 1;

  /** How often another writer may come between before this one gives up. */
  private static final int MAX_LOST_RACES = 10;

  private final DispatchTable table;

  /**
   * The workspaces of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoWorkspaces(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoWorkspaces(DynamoDbClient client, String stage, Pauses pauses) {
    this.table =
        new DispatchTable(
            Objects.requireNonNull(client, "client"),
            Objects.requireNonNull(stage, "stage"),
            new Patience(pauses));
  }

  @Override
  public KeptWorkspace open(Dispatch dispatch, Instant now) {
    KeptWorkspace fresh = KeptWorkspace.of(dispatch, now);
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      Optional<KeptWorkspace> there = find(fresh.tenantId(), fresh.id(), now);
      if (there.isPresent()) {
        return there.get();
      }
      if (put(fresh, now)) {
        return fresh;
      }
    }
    throw tooManyWriters(fresh.id());
  }

  /** Stores it unless there is one; whether it did. */
  private boolean put(KeptWorkspace workspace, Instant now) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(table.tenants)
            .item(AttributeValues.of(WorkspaceItem.toItem(workspace)))
            .conditionExpression("attribute_not_exists(#sk) OR #expires <= :now")
            .expressionAttributeNames(Map.of("#sk", Tables.SORT_KEY, "#expires", Tables.EXPIRES))
            .expressionAttributeValues(Map.of(":now", AttributeValues.of(now.getEpochSecond())))
            .build();
    try {
      table.patience.with(() -> table.client.putItem(request));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  @Override
  public Optional<KeptWorkspace> find(TenantId tenantId, WorkspaceId id, Instant now) {
    return table
        .read(table.tenants, key(tenantId, id))
        .map(WorkspaceItem::fromItem)
        .filter(workspace -> workspace.isThere(now));
  }

  @Override
  public List<KeptWorkspace> list(TenantId tenantId, Instant now) {
    List<KeptWorkspace> found = new ArrayList<>();
    Map<String, AttributeValue> start = Map.of();
    do {
      QueryRequest request =
          QueryRequest.builder()
              .tableName(table.tenants)
              .keyConditionExpression("#tenant = :tenant AND begins_with(#sk, :prefix)")
              .expressionAttributeNames(Map.of("#tenant", Tables.TENANT_ID, "#sk", Tables.SORT_KEY))
              .expressionAttributeValues(
                  Map.of(
                      ":tenant",
                      AttributeValues.of(tenantId.value()),
                      ":prefix",
                      AttributeValues.of(WorkspaceItem.SORT_KEY_PREFIX)))
              .consistentRead(true)
              .exclusiveStartKey(start.isEmpty() ? null : start)
              .build();
      QueryResponse response = table.patience.with(() -> table.client.query(request));
      for (Map<String, AttributeValue> item : response.items()) {
        found.add(WorkspaceItem.fromItem(AttributeValues.item(item)));
      }
      start = response.lastEvaluatedKey();
    } while (!start.isEmpty());
    return found.stream().filter(workspace -> workspace.isThere(now)).toList();
  }

  @Override
  public void saved(KeptWorkspace workspace) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(table.tenants)
            .key(key(workspace.tenantId(), workspace.id()))
            .updateExpression("SET #size = :size, #used = :used, #by = :by, #expires = :expires")
            .conditionExpression("#generation = :generation")
            .expressionAttributeNames(
                Map.of(
                    "#size", WorkspaceItem.SIZE_BYTES,
                    "#used", WorkspaceItem.LAST_USED_AT,
                    "#by", WorkspaceItem.LAST_DISPATCH_ID,
                    "#expires", Tables.EXPIRES,
                    "#generation", WorkspaceItem.GENERATION))
            .expressionAttributeValues(
                Map.of(
                    ":size", AttributeValues.of(workspace.sizeBytes()),
                    ":used", AttributeValues.of(workspace.lastUsedAt().toString()),
                    ":by", AttributeValues.of(workspace.lastDispatchId().value()),
                    ":expires", AttributeValues.of(workspace.expiresAt().getEpochSecond()),
                    ":generation", AttributeValues.of(workspace.generation().value())))
            .build();
    try {
      table.patience.with(() -> table.client.updateItem(request));
    } catch (ConditionalCheckFailedException _) {
      // It was deleted meanwhile: there is nothing to note.
    }
  }

  @Override
  public Deletion delete(TenantId tenantId, WorkspaceId id, Instant now) {
    Optional<Deletion> gone = Optional.empty();
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      Optional<KeptWorkspace> there = find(tenantId, id, now);
      if (there.isEmpty()) {
        return gone.orElseGet(Deletion.Unknown::new);
      }
      KeptWorkspace workspace = there.get();
      // If it is not there at the next look, this very call may have done it, and was not heard.
      gone = Optional.of(new Deletion.Deleted(workspace));
      List<TransactWriteItem> writes = List.of(unheld(workspace), deletion(workspace));
      try {
        table.patience.with(() -> table.client.transactWriteItems(tx -> tx.transactItems(writes)));
        return new Deletion.Deleted(workspace);
      } catch (TransactionCanceledException e) {
        if (Patience.failed(e, SLOTS)) {
          Map<String, AttributeValue> slots = e.cancellationReasons().get(SLOTS).item();
          return new Deletion.InUse(new DispatchId(slots.get(id.value()).s()));
        }
        if (!Patience.failed(e, RECORD)) {
          throw e;
        }
      }
    }
    throw tooManyWriters(id);
  }

  private TransactWriteItem unheld(KeptWorkspace workspace) {
    return TransactWriteItem.builder()
        .conditionCheck(
            check ->
                check
                    .tableName(table.tenants)
                    .key(DispatchTable.slotsKey(workspace.tenantId()))
                    .conditionExpression("attribute_not_exists(#workspace)")
                    .expressionAttributeNames(Map.of("#workspace", workspace.id().value()))
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD))
        .build();
  }

  private TransactWriteItem deletion(KeptWorkspace workspace) {
    return TransactWriteItem.builder()
        .delete(
            delete ->
                delete
                    .tableName(table.tenants)
                    .key(key(workspace.tenantId(), workspace.id()))
                    .conditionExpression("#generation = :read")
                    .expressionAttributeNames(Map.of("#generation", WorkspaceItem.GENERATION))
                    .expressionAttributeValues(
                        Map.of(":read", AttributeValues.of(workspace.generation().value()))))
        .build();
  }

  private static IllegalStateException tooManyWriters(WorkspaceId id) {
    return new IllegalStateException("too many writers change workspace " + id);
  }

  private static Map<String, AttributeValue> key(TenantId tenantId, WorkspaceId id) {
    return DispatchTable.tenantKey(tenantId, WorkspaceItem.sortKey(id));
  }
}
