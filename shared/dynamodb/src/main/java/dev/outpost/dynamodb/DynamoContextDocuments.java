package dev.outpost.dynamodb;

import dev.outpost.items.ContextDocumentItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.TenantId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Context documents in DynamoDB, an item of the tenants table each: the last writer wins, and a
 * repeated write changes nothing. Safe for use by many threads and processes.
 */
public final class DynamoContextDocuments implements ContextDocuments {
  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The documents of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoContextDocuments(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoContextDocuments(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.TENANTS, Objects.requireNonNull(stage, "stage"));
  }

  @Override
  public Optional<ContextDocument> find(TenantId id) {
    GetItemRequest request =
        GetItemRequest.builder().tableName(table).key(key(id)).consistentRead(true).build();
    Map<String, AttributeValue> item = patience.with(() -> client.getItem(request)).item();
    return item.isEmpty()
        ? Optional.empty()
        : Optional.of(ContextDocumentItem.fromItem(AttributeValues.item(item)));
  }

  @Override
  public void put(TenantId id, ContextDocument document) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(table)
            .item(AttributeValues.of(ContextDocumentItem.toItem(id, document)))
            .build();
    patience.with(() -> client.putItem(request));
  }

  @Override
  public boolean remove(TenantId id) {
    // A removal whose answer was lost is repeated, and would find nothing.
    boolean there = find(id).isPresent();
    DeleteItemRequest request = DeleteItemRequest.builder().tableName(table).key(key(id)).build();
    patience.with(() -> client.deleteItem(request));
    return there;
  }

  private static Map<String, AttributeValue> key(TenantId id) {
    return DispatchTable.tenantKey(id, ContextDocumentItem.SORT_KEY);
  }
}
