package dev.outpost.dynamodb;

import dev.outpost.items.Tables;
import dev.outpost.items.WebhooksItem;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.Webhooks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Webhooks in DynamoDB, those of a tenant in one item of the tenants table. Safe for use by many
 * threads and processes.
 */
public final class DynamoWebhooks implements Webhooks {
  /** How often another writer may come between before this one gives up. */
  private static final int MAX_LOST_RACES = 100;

  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The webhooks of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoWebhooks(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoWebhooks(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.TENANTS, Objects.requireNonNull(stage, "stage"));
  }

  @Override
  public List<Webhook> of(TenantId tenantId) {
    return read(tenantId).webhooks();
  }

  @Override
  public List<Webhook> change(TenantId tenantId, UnaryOperator<List<Webhook>> change) {
    for (int races = 1; races <= MAX_LOST_RACES; races++) {
      WebhooksItem before = read(tenantId);
      WebhooksItem after = before.next(change.apply(before.webhooks()));
      if (after.webhooks().equals(before.webhooks()) || write(before, after)) {
        return after.webhooks();
      }
      patience.pause(races);
    }
    throw new IllegalStateException("too many writers change the webhooks of tenant " + tenantId);
  }

  private WebhooksItem read(TenantId tenantId) {
    GetItemRequest request =
        GetItemRequest.builder()
            .tableName(table)
            .key(DispatchTable.tenantKey(tenantId, WebhooksItem.SORT_KEY))
            .consistentRead(true)
            .build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty()
        ? WebhooksItem.none(tenantId)
        : WebhooksItem.fromItem(AttributeValues.item(item));
  }

  /** Writes it if it is still the version that was read; whether it was. */
  private boolean write(WebhooksItem before, WebhooksItem after) {
    PutItemRequest.Builder put =
        PutItemRequest.builder()
            .tableName(table)
            .item(AttributeValues.of(after.toItem()))
            .expressionAttributeNames(Map.of("#version", WebhooksItem.VERSION));
    if (before.version() == 0) {
      put.conditionExpression("attribute_not_exists(#version)");
    } else {
      put.conditionExpression("#version = :read")
          .expressionAttributeValues(Map.of(":read", AttributeValues.of(before.version())));
    }
    PutItemRequest request = put.build();
    try {
      patience.with(() -> client.putItem(request));
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }
}
