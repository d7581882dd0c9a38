package dev.outpost.dynamodb;

import dev.outpost.items.DeliveryItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.WebhookId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Deliveries in DynamoDB, an item of the tenants table each. Safe for use by many threads and
 * processes.
 */
public final class DynamoDeliveries implements Deliveries {
  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The deliveries of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoDeliveries(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoDeliveries(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.TENANTS, Objects.requireNonNull(stage, "stage"));
  }

  @Override
  public Delivery add(Delivery delivery) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(table)
            .item(AttributeValues.of(DeliveryItem.toItem(delivery)))
            .conditionExpression("attribute_not_exists(" + Tables.SORT_KEY + ")")
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
            .build();
    try {
      patience.with(() -> client.putItem(request));
      return delivery;
    } catch (ConditionalCheckFailedException e) {
      return delivery(e.item());
    }
  }

  @Override
  public Optional<Delivery> find(DeliveryKey key) {
    GetItemRequest request =
        GetItemRequest.builder()
            .tableName(table)
            .key(
                DispatchTable.tenantKey(
                    key.tenantId(), DeliveryItem.sortKey(key.webhookId(), key.id())))
            .consistentRead(true)
            .build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty() ? Optional.empty() : Optional.of(delivery(item));
  }

  @Override
  public boolean replace(Delivery before, Delivery after) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(table)
            .item(AttributeValues.of(DeliveryItem.toItem(after)))
            .conditionExpression("#attempt = :attempt AND #state = :state")
            .expressionAttributeNames(
                Map.of("#attempt", DeliveryItem.ATTEMPT, "#state", DeliveryItem.STATE))
            .expressionAttributeValues(
                Map.of(
                    ":attempt",
                    AttributeValues.of(before.attempt()),
                    ":state",
                    AttributeValues.of(before.state().wire())))
            .build();
    try {
      patience.with(() -> client.putItem(request));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  @Override
  public List<Delivery> list(
      TenantId tenantId, WebhookId webhookId, Optional<DeliveryId> before, int limit) {
    QueryRequest request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("#tenant = :tenant AND begins_with(#sk, :prefix)")
            .expressionAttributeNames(Map.of("#tenant", Tables.TENANT_ID, "#sk", Tables.SORT_KEY))
            .expressionAttributeValues(
                Map.of(
                    ":tenant",
                    AttributeValues.of(tenantId.value()),
                    ":prefix",
                    AttributeValues.of(DeliveryItem.sortKeyPrefix(webhookId))))
            .scanIndexForward(false)
            .consistentRead(true)
            // A key to start below, whether or not there is such an item.
            .exclusiveStartKey(
                before
                    .map(
                        id ->
                            DispatchTable.tenantKey(tenantId, DeliveryItem.sortKey(webhookId, id)))
                    .orElse(null))
            .build();
    return Paged.upTo(limit, request, client, patience).stream()
        .map(DynamoDeliveries::delivery)
        .toList();
  }

  @Override
  public List<DeliveryKey> due(Instant now, int limit) {
    QueryRequest request = DispatchTable.dueUntil(table, DeliveryItem.SHARD, now);
    return Paged.upTo(limit, request, client, patience).stream()
        .map(entry -> DeliveryItem.key(AttributeValues.item(entry)))
        .toList();
  }

  private static Delivery delivery(Map<String, AttributeValue> item) {
    return DeliveryItem.fromItem(AttributeValues.item(item));
  }
}
