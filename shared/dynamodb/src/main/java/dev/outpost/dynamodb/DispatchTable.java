package dev.outpost.dynamodb;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Held;
import dev.outpost.items.AdmissionItems;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.DueAt;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.WorkspaceId;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The dispatches by id, and the keys of what a tenant's item collection has beside them. */
final class DispatchTable {
  /** Set of dispatch ids: who holds a slot. It vanishes with its last element. */
  static final String SLOTS = "slots";

  /** That no other dispatch than {@code :one} has the workspace, on the item of the slots. */
  static final String FREE = "attribute_not_exists(#workspace) OR #workspace = :one";

  final DynamoDbClient client;
  final Patience patience;
  final String dispatches;
  final String tenants;
  final String audit;

  DispatchTable(DynamoDbClient client, String stage, Patience patience) {
    this.client = client;
    this.patience = patience;
    this.dispatches = Tables.name(Tables.DISPATCHES, stage);
    this.tenants = Tables.name(Tables.TENANTS, stage);
    this.audit = Tables.name(Tables.AUDIT, stage);
  }

  static Map<String, AttributeValue> key(String dispatchId) {
    return Map.of(Tables.DISPATCH_ID, AttributeValues.of(dispatchId));
  }

  static Map<String, AttributeValue> tenantKey(TenantId tenantId, String sortKey) {
    return Map.of(
        Tables.TENANT_ID,
        AttributeValues.of(tenantId.value()),
        Tables.SORT_KEY,
        AttributeValues.of(sortKey));
  }

  static Map<String, AttributeValue> slotsKey(TenantId tenantId) {
    return tenantKey(tenantId, "SLOTS");
  }

  /** Asks for what {@link Tables#BY_DUE} of a table has of a shard up to that instant. */
  static QueryRequest dueUntil(String table, String shard, Instant until) {
    return QueryRequest.builder()
        .tableName(table)
        .indexName(Tables.BY_DUE)
        .keyConditionExpression("#shard = :shard AND #due <= :until")
        .expressionAttributeNames(Map.of("#shard", Tables.DUE_SHARD, "#due", Tables.DUE_AT))
        .expressionAttributeValues(
            Map.of(
                ":shard", AttributeValues.of(shard), ":until", AttributeValues.of(DueAt.of(until))))
        .build();
  }

  /** An item, read with strong consistency; empty when there is none. */
  Optional<Map<String, Object>> read(String table, Map<String, AttributeValue> key) {
    GetItemRequest request =
        GetItemRequest.builder().tableName(table).key(key).consistentRead(true).build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty() ? Optional.empty() : Optional.of(AttributeValues.item(item));
  }

  /** A dispatch's own item. */
  Optional<Map<String, Object>> read(DispatchId id) {
    return read(dispatches, key(id.value()));
  }

  /** The dispatch with its whole task, which for a long task takes a second read. */
  Dispatch whole(Map<String, Object> item) {
    if (!DispatchItem.hasTaskApart(item)) {
      return DispatchItem.fromItem(item);
    }
    DispatchId id = DispatchItem.fromItem(item).id();
    Map<String, Object> task =
        read(dispatches, key(DispatchItem.taskKey(id)))
            .orElseThrow(() -> new IllegalStateException("the task of " + id + " is missing"));
    return DispatchItem.fromItems(item, task);
  }

  /**
   * These dispatches, their long tasks shortened, as they were lately; those that are not there are
   * left out.
   *
   * @param ids at most {@link Batch#MAX_KEYS}
   */
  Map<String, Dispatch> summaries(List<String> ids) {
    return summaries(ids, false);
  }

  private Map<String, Dispatch> summaries(List<String> ids, boolean consistent) {
    Map<String, Dispatch> found = new HashMap<>();
    Batch.read(
        client,
        patience,
        dispatches,
        ids.stream().map(DispatchTable::key).toList(),
        consistent,
        item -> {
          Dispatch dispatch = DispatchItem.fromItem(AttributeValues.item(item));
          found.put(dispatch.id().value(), dispatch);
        });
    return found;
  }

  /** The dispatches of a tenant's group, their long tasks shortened; none when it has no such. */
  List<Dispatch> group(TenantId tenantId, GroupId group) {
    List<String> ids =
        read(tenants, tenantKey(tenantId, AdmissionItems.sortKey(group)))
            .map(AdmissionItems::idsOf)
            .orElse(List.of());
    Map<String, Dispatch> found = summaries(ids, true);
    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /** The first that is written stays. */
  void keepOutput(Dispatch dispatch, String json) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(dispatches)
            .item(AttributeValues.of(DispatchItem.toOutputItem(dispatch, json)))
            .conditionExpression("attribute_not_exists(" + Tables.DISPATCH_ID + ")")
            .build();
    try {
      patience.with(() -> client.putItem(request));
    } catch (ConditionalCheckFailedException _) {
      // An earlier report had brought it.
    }
  }

  /** Takes it out of {@link Tables#BY_DUE}, for nothing of it is left to be told. */
  void told(DispatchId id) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(dispatches)
            .key(key(id.value()))
            .updateExpression("REMOVE #shard, #due")
            // One that is gone must not be made anew.
            .conditionExpression("attribute_exists(#shard)")
            .expressionAttributeNames(Map.of("#shard", Tables.DUE_SHARD, "#due", Tables.DUE_AT))
            .build();
    try {
      patience.with(() -> client.updateItem(request));
    } catch (ConditionalCheckFailedException _) {
      // It was told before.
    }
  }

  /**
   * What the tenant's dispatches hold: one item has the set of slots, and for each workspace that
   * is held an attribute of that name.
   */
  Held held(TenantId tenantId) {
    return read(tenants, slotsKey(tenantId)).map(DispatchTable::held).orElse(Held.NOTHING);
  }

  private static Held held(Map<String, Object> item) {
    Set<DispatchId> slots = new HashSet<>();
    ((Set<?>) item.getOrDefault(SLOTS, Set.of()))
        .forEach(id -> slots.add(new DispatchId((String) id)));
    Map<WorkspaceId, DispatchId> workspaces = new HashMap<>();
    item.forEach(
        (name, holder) ->
            WorkspaceId.parse(name)
                .ifPresent(id -> workspaces.put(id, new DispatchId((String) holder))));
    return new Held(slots, workspaces);
  }

  /** Neither an end nor the absence of an id is ever taken back. */
  int freeEnded(TenantId tenantId) {
    Held held = held(tenantId);
    Set<String> over = new HashSet<>();
    held.slots().forEach(id -> over.add(id.value()));
    held.workspaces().values().forEach(id -> over.add(id.value()));
    over.removeAll(open(List.copyOf(over)));
    Set<String> slots = new HashSet<>(over);
    slots.retainAll(held.slots().stream().map(DispatchId::value).toList());
    if (!slots.isEmpty()) {
      UpdateItemRequest request =
          UpdateItemRequest.builder()
              .tableName(tenants)
              .key(slotsKey(tenantId))
              .updateExpression("DELETE #slots :ids")
              .expressionAttributeNames(Map.of("#slots", SLOTS))
              .expressionAttributeValues(Map.of(":ids", AttributeValue.fromSs(List.copyOf(slots))))
              .build();
      patience.with(() -> client.updateItem(request));
    }
    int freed = slots.size();
    for (Map.Entry<WorkspaceId, DispatchId> workspace : held.workspaces().entrySet()) {
      if (over.contains(workspace.getValue().value())) {
        freed += free(tenantId, workspace.getKey(), workspace.getValue());
      }
    }
    return freed;
  }

  /** Those of the dispatches that have not ended. */
  private Set<String> open(List<String> ids) {
    Set<String> open = new HashSet<>();
    for (int from = 0; from < ids.size(); from += Batch.MAX_KEYS) {
      summaries(ids.subList(from, Math.min(from + Batch.MAX_KEYS, ids.size())), true)
          .forEach(
              (id, dispatch) -> {
                if (!dispatch.state().isTerminal()) {
                  open.add(id);
                }
              });
    }
    return open;
  }

  /** Unless another has freed it, and by now a third has it; how many that were. */
  private int free(TenantId tenantId, WorkspaceId workspace, DispatchId holder) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(tenants)
            .key(slotsKey(tenantId))
            .updateExpression("REMOVE #workspace")
            .conditionExpression("#workspace = :holder")
            .expressionAttributeNames(Map.of("#workspace", workspace.value()))
            .expressionAttributeValues(Map.of(":holder", AttributeValues.of(holder.value())))
            .build();
    try {
      patience.with(() -> client.updateItem(request));
      return 1;
    } catch (ConditionalCheckFailedException _) {
      return 0;
    }
  }
}
