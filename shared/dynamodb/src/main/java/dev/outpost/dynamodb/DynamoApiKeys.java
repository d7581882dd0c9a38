package dev.outpost.dynamodb;

import dev.outpost.items.ApiKeyItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.KeyHash;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The API keys in DynamoDB, one item each. Safe for use by many threads and processes. */
public final class DynamoApiKeys implements ApiKeys {
  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The keys of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoApiKeys(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoApiKeys(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.API_KEYS, Objects.requireNonNull(stage, "stage"));
  }

  @Override
  public Optional<ApiKey> find(KeyHash hash) {
    GetItemRequest request =
        GetItemRequest.builder().tableName(table).key(key(hash)).consistentRead(true).build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty()
        ? Optional.empty()
        : Optional.of(ApiKeyItem.fromItem(AttributeValues.item(item)));
  }

  @Override
  public void used(KeyHash hash, LocalDate day) {
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(key(hash))
            .updateExpression("SET #used = :day")
            .conditionExpression(
                "attribute_exists(#hash) AND (attribute_not_exists(#used) OR #used < :day)")
            .expressionAttributeNames(
                Map.of("#hash", Tables.KEY_HASH, "#used", ApiKeyItem.LAST_USED))
            .expressionAttributeValues(Map.of(":day", AttributeValues.of(day.toString())))
            .build();
    try {
      patience.with(() -> client.updateItem(request));
    } catch (ConditionalCheckFailedException _) {
      // Noted before, or nobody's key.
    }
  }

  static Map<String, AttributeValue> key(KeyHash hash) {
    return Map.of(Tables.KEY_HASH, AttributeValues.of(hash.value()));
  }
}
