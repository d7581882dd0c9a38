package dev.outpost.dynamodb;

import dev.outpost.items.SecretMarkItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.SecretMarks;
import dev.outpost.tenant.TenantId;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Marks of tenants with secrets in DynamoDB, an item of the tenants table each. Safe for use by
 * many threads and processes.
 */
public final class DynamoSecretMarks implements SecretMarks {
  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The marks of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoSecretMarks(DynamoDbClient client, String stage) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(Pauses.random());
    this.table = Tables.name(Tables.TENANTS, Objects.requireNonNull(stage, "stage"));
  }

  /** {@inheritDoc} A consistent read: a secret that was just brought is used by the next run. */
  @Override
  public boolean has(TenantId id) {
    GetItemRequest request =
        GetItemRequest.builder()
            .tableName(table)
            .key(DispatchTable.tenantKey(id, SecretMarkItem.SORT_KEY))
            .consistentRead(true)
            .build();
    return !patience.with(() -> client.getItem(request)).item().isEmpty();
  }

  @Override
  public void set(TenantId id) {
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(table)
            .item(AttributeValues.of(SecretMarkItem.toItem(id)))
            .build();
    patience.with(() -> client.putItem(request));
  }
}
