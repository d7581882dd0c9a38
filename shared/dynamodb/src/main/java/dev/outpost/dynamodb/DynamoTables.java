package dev.outpost.dynamodb;

import dev.outpost.items.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * Creates all tables of a stage as the deployment does, but for TTL: a test's clock is not the
 * machine's.
 */
public final class DynamoTables {
  private DynamoTables() {}

  /** Creates them. */
  public static void create(DynamoDbClient client, String stage) {
    definitions(stage).forEach(client::createTable);
  }

  /**
   * What the tables of a stage are: keys, indexes, billing and stream. The deployment adds what is
   * a matter of operation (recovery, protection, encryption) and the TTL of {@link
   * Tables#EXPIRING}.
   */
  public static List<CreateTableRequest> definitions(String stage) {
    return List.of(
        table(Tables.name(Tables.TENANTS, stage), Tables.TENANT_ID, Tables.SORT_KEY)
            .attributeDefinitions(
                text(Tables.TENANT_ID),
                text(Tables.SORT_KEY),
                text(Tables.KIND),
                text(Tables.DUE_SHARD),
                text(Tables.DUE_AT))
            .globalSecondaryIndexes(
                index(
                    Tables.BY_KIND,
                    projection(ProjectionType.ALL, List.of()),
                    Tables.KIND,
                    Tables.TENANT_ID),
                byDue())
            .build(),
        table(Tables.name(Tables.API_KEYS, stage), Tables.KEY_HASH)
            .attributeDefinitions(text(Tables.KEY_HASH))
            .build(),
        table(Tables.name(Tables.POOL, stage), Tables.POOL_KEY)
            .attributeDefinitions(text(Tables.POOL_KEY))
            .build(),
        table(Tables.name(Tables.AUDIT, stage), Tables.TENANT_ID, Tables.AUDIT_ID)
            .attributeDefinitions(text(Tables.TENANT_ID), text(Tables.AUDIT_ID))
            .build(),
        dispatches(Tables.name(Tables.DISPATCHES, stage)));
  }

  /** The names of a stage's tables. */
  public static Map<String, String> names(String stage) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String base :
        List.of(Tables.TENANTS, Tables.API_KEYS, Tables.DISPATCHES, Tables.POOL, Tables.AUDIT)) {
      names.put(base, Tables.name(base, stage));
    }
    return names;
  }

  private static CreateTableRequest dispatches(String name) {
    return table(name, Tables.DISPATCH_ID)
        .attributeDefinitions(
            text(Tables.DISPATCH_ID),
            text(Tables.TENANT_ID),
            text(Tables.WAITING_SHARD),
            text(Tables.WAITING_ORDER),
            text(Tables.DUE_SHARD),
            text(Tables.DUE_AT))
        .globalSecondaryIndexes(
            index(
                Tables.BY_TENANT,
                projection(ProjectionType.KEYS_ONLY, List.of()),
                Tables.TENANT_ID,
                Tables.DISPATCH_ID),
            index(
                Tables.BY_WAITING,
                projection(ProjectionType.INCLUDE, Tables.BY_WAITING_PROJECTS),
                Tables.WAITING_SHARD,
                Tables.WAITING_ORDER),
            byDue())
        .streamSpecification(
            stream -> stream.streamEnabled(true).streamViewType(StreamViewType.NEW_AND_OLD_IMAGES))
        .build();
  }

  private static CreateTableRequest.Builder table(String name, String... key) {
    return CreateTableRequest.builder()
        .tableName(name)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .keySchema(schema(key));
  }

  private static GlobalSecondaryIndex byDue() {
    return index(
        Tables.BY_DUE,
        projection(ProjectionType.KEYS_ONLY, List.of()),
        Tables.DUE_SHARD,
        Tables.DUE_AT);
  }

  private static GlobalSecondaryIndex index(String name, Projection projection, String... key) {
    return GlobalSecondaryIndex.builder()
        .indexName(name)
        .keySchema(schema(key))
        .projection(projection)
        .build();
  }

  private static Projection projection(ProjectionType type, List<String> attributes) {
    return Projection.builder()
        .projectionType(type)
        .nonKeyAttributes(attributes.isEmpty() ? null : attributes)
        .build();
  }

  private static List<KeySchemaElement> schema(String... key) {
    List<KeySchemaElement> schema = new ArrayList<>();
    for (String attribute : key) {
      schema.add(
          KeySchemaElement.builder()
              .attributeName(attribute)
              .keyType(schema.isEmpty() ? KeyType.HASH : KeyType.RANGE)
              .build());
    }
    return schema;
  }

  private static AttributeDefinition text(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
