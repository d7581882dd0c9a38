package dev.outpost.dynamodb;

import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.items.AuditItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** The audit in DynamoDB. Safe for use by many threads and processes. */
public final class DynamoAuditTrail implements AuditTrail {
  private static final String NEW = "attribute_not_exists(" + Tables.AUDIT_ID + ")";

  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The audit of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoAuditTrail(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoAuditTrail(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.AUDIT, Objects.requireNonNull(stage, "stage"));
  }

  /**
   * A record as part of a transaction: ids are never used twice, so that it fails with the rest.
   */
  static Put put(String table, AuditRecord line) {
    return Put.builder()
        .tableName(table)
        .item(AttributeValues.of(AuditItem.toItem(line)))
        .conditionExpression(NEW)
        .build();
  }

  @Override
  public void append(AuditRecord appended) {
    Put put = put(table, appended);
    PutItemRequest request =
        PutItemRequest.builder()
            .tableName(put.tableName())
            .item(put.item())
            .conditionExpression(put.conditionExpression())
            .build();
    try {
      patience.with(() -> client.putItem(request));
    } catch (ConditionalCheckFailedException _) {
      // Ids are never used twice: an earlier call for this same record had won after all.
    }
  }

  @Override
  public List<AuditRecord> list(TenantId tenantId, Optional<AuditId> before, int limit) {
    QueryRequest request =
        QueryRequest.builder()
            .tableName(table)
            .keyConditionExpression("#tenant = :tenant")
            .expressionAttributeNames(Map.of("#tenant", Tables.TENANT_ID))
            .expressionAttributeValues(Map.of(":tenant", AttributeValues.of(tenantId.value())))
            .scanIndexForward(false)
            .consistentRead(true)
            // A key to start below, whether or not there is such an item.
            .exclusiveStartKey(
                before
                    .map(
                        id ->
                            Map.of(
                                Tables.TENANT_ID,
                                AttributeValues.of(tenantId.value()),
                                Tables.AUDIT_ID,
                                AttributeValues.of(id.value())))
                    .orElse(null))
            .build();
    return Paged.upTo(limit, request, client, patience).stream()
        .map(item -> AuditItem.fromItem(AttributeValues.item(item)))
        .toList();
  }
}
