package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What the adapters rely on: the model and DynamoDB Local answer alike. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DynamoDbConformance {
  private String table;

  /** The client under test. */
  protected abstract DynamoDbClient client();

  @BeforeEach
  void create() {
    table = "table-" + UUID.randomUUID();
    client()
        .createTable(
            t ->
                t.tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        attribute("pk", ScalarAttributeType.S),
                        attribute("group", ScalarAttributeType.S),
                        attribute("rank", ScalarAttributeType.N))
                    .keySchema(key("pk", KeyType.HASH))
                    .globalSecondaryIndexes(
                        GlobalSecondaryIndex.builder()
                            .indexName("by_rank")
                            .keySchema(key("group", KeyType.HASH), key("rank", KeyType.RANGE))
                            .projection(
                                p ->
                                    p.projectionType(ProjectionType.INCLUDE)
                                        .nonKeyAttributes("colour"))
                            .build()));
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(int value) {
    return AttributeValue.fromN(String.valueOf(value));
  }

  private static Map<String, AttributeValue> key(String pk) {
    return Map.of("pk", text(pk));
  }

  private Map<String, AttributeValue> item(String pk) {
    return client().getItem(g -> g.tableName(table).key(key(pk)).consistentRead(true)).item();
  }

  private void put(String pk, String group, int rank) {
    client()
        .putItem(
            p ->
                p.tableName(table)
                    .item(
                        Map.of(
                            "pk",
                            text(pk),
                            "group",
                            text(group),
                            "rank",
                            number(rank),
                            "colour",
                            text("red"),
                            "secret",
                            text("x"))));
  }

  private void update(String pk, String expression, Map<String, AttributeValue> values) {
    client()
        .updateItem(
            u ->
                u.tableName(table)
                    .key(key(pk))
                    .updateExpression(expression)
                    .expressionAttributeNames(Map.of("#a", "a"))
                    .expressionAttributeValues(values));
  }

  @Test
  void setsGrowShrinkAndVanish() {
    update("s", "ADD #a :v", Map.of(":v", AttributeValue.fromSs(List.of("x", "y"))));
    update("s", "ADD #a :v", Map.of(":v", AttributeValue.fromSs(List.of("y", "z"))));
    assertThat(item("s").get("a").ss()).containsExactlyInAnyOrder("x", "y", "z");
    update("s", "DELETE #a :v", Map.of(":v", AttributeValue.fromSs(List.of("x", "q"))));
    assertThat(item("s").get("a").ss()).containsExactlyInAnyOrder("y", "z");
    update("s", "DELETE #a :v", Map.of(":v", AttributeValue.fromSs(List.of("y", "z"))));
    assertThat(item("s")).doesNotContainKey("a").containsKey("pk");
  }

  @Test
  void numbersAreAddedAndFirstValuesKept() {
    update("n", "ADD #a :v", Map.of(":v", number(2)));
    update("n", "ADD #a :v", Map.of(":v", number(-5)));
    assertThat(item("n").get("a").n()).isEqualTo("-3");
    update("n", "SET #a = if_not_exists(#a, :v)", Map.of(":v", number(9)));
    assertThat(item("n").get("a").n()).isEqualTo("-3");
    update("m", "SET #a = if_not_exists(#a, :v)", Map.of(":v", number(9)));
    assertThat(item("m").get("a").n()).isEqualTo("9");
  }

  private boolean holds(String condition, Map<String, AttributeValue> values) {
    try {
      client()
          .updateItem(
              u -> {
                Map<String, AttributeValue> all = new LinkedHashMap<>(values);
                all.put(":touch", number(1));
                u.tableName(table)
                    .key(key("c"))
                    .updateExpression("SET touched = :touch")
                    .conditionExpression(condition)
                    .expressionAttributeValues(all);
              });
      return true;
    } catch (ConditionalCheckFailedException _) {
      return false;
    }
  }

  @Test
  void conditionsMeanWhatTheyMean() {
    client()
        .putItem(
            p ->
                p.tableName(table)
                    .item(
                        Map.of(
                            "pk",
                            text("c"),
                            "n",
                            number(10),
                            "s",
                            AttributeValue.fromSs(List.of("a", "b")))));
    Map<String, AttributeValue> nine = Map.of(":v", number(9));
    assertThat(holds("n > :v", nine)).isTrue();
    assertThat(holds("n < :v", nine)).isFalse();
    assertThat(holds("absent < :v", nine)).isFalse();
    assertThat(holds("attribute_not_exists(absent) OR absent < :v", nine)).isTrue();
    assertThat(holds("attribute_exists(n) AND NOT n = :v", nine)).isTrue();
    assertThat(holds("size(s) < :v", nine)).isTrue();
    assertThat(holds("size(absent) < :v", nine)).isFalse();
    assertThat(holds("contains(s, :v)", Map.of(":v", text("b")))).isTrue();
    assertThat(holds("contains(s, :v)", Map.of(":v", text("c")))).isFalse();
    assertThat(holds("n = :v", Map.of(":v", AttributeValue.fromN("10.0")))).isTrue();
    assertThat(holds("n <> :v", Map.of(":v", text("10")))).isTrue();
    assertThat(holds("n < :v", Map.of(":v", text("99")))).isFalse();
  }

  @Test
  void aConditionThatFailsTellsTheItemIfAsked() {
    put("f", "g", 1);
    assertThatThrownBy(
            () ->
                client()
                    .putItem(
                        p ->
                            p.tableName(table)
                                .item(key("f"))
                                .conditionExpression("attribute_not_exists(pk)")
                                .returnValuesOnConditionCheckFailure(
                                    ReturnValuesOnConditionCheckFailure.ALL_OLD)))
        .isInstanceOfSatisfying(
            ConditionalCheckFailedException.class,
            e -> assertThat(e.item()).containsEntry("colour", text("red")));
    assertThat(item("f")).containsEntry("colour", text("red"));
  }

  private TransactWriteItem putNew(String pk) {
    return TransactWriteItem.builder()
        .put(
            p ->
                p.tableName(table)
                    .item(key(pk))
                    .conditionExpression("attribute_not_exists(pk)")
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD))
        .build();
  }

  @Test
  void aTransactionIsAllOrNothingAndSaysWhichPartFailed() {
    put("taken", "g", 1);
    assertThatThrownBy(
            () ->
                client()
                    .transactWriteItems(
                        t -> t.transactItems(putNew("one"), putNew("taken"), putNew("two"))))
        .isInstanceOfSatisfying(
            TransactionCanceledException.class,
            e -> {
              assertThat(e.cancellationReasons())
                  .extracting(CancellationReason::code)
                  .containsExactly("None", "ConditionalCheckFailed", "None");
              assertThat(e.cancellationReasons().get(1).item())
                  .containsEntry("colour", text("red"));
            });
    assertThat(item("one")).isEmpty();
    assertThat(item("two")).isEmpty();
  }

  @Test
  void aTransactionWithTheSameTokenIsDoneOnce() {
    String token = UUID.randomUUID().toString();
    TransactWriteItemsRequest request =
        TransactWriteItemsRequest.builder()
            .clientRequestToken(token)
            .transactItems(putNew("once"))
            .build();
    client().transactWriteItems(request);
    client().transactWriteItems(request);
    assertThat(item("once")).isNotEmpty();
    assertThatThrownBy(
            () ->
                client()
                    .transactWriteItems(
                        t -> t.clientRequestToken(token).transactItems(putNew("other"))))
        .isInstanceOf(IdempotentParameterMismatchException.class);
  }

  @Test
  void oneItemMayNotBeInATransactionTwice() {
    assertThatThrownBy(
            () -> client().transactWriteItems(t -> t.transactItems(putNew("x"), putNew("x"))))
        .isInstanceOf(DynamoDbException.class);
    assertThat(item("x")).isEmpty();
  }

  private QueryRequest.Builder query() {
    return QueryRequest.builder()
        .tableName(table)
        .indexName("by_rank")
        .keyConditionExpression("#g = :g AND #r <= :r")
        .expressionAttributeNames(Map.of("#g", "group", "#r", "rank"))
        .expressionAttributeValues(Map.of(":g", text("g"), ":r", number(40)));
  }

  @Test
  void anIndexHasWhatHasItsKeyInItsOrderAndProjection() {
    put("ten", "g", 10);
    put("nine", "g", 9);
    put("hundred", "g", 100);
    put("other", "h", 1);
    client().putItem(p -> p.tableName(table).item(key("without")));
    QueryResponse found = client().query(query().build());
    assertThat(found.items()).extracting(i -> i.get("pk").s()).containsExactly("nine", "ten");
    assertThat(found.items().getFirst()).containsKey("colour").doesNotContainKey("secret");
    assertThat(client().query(query().scanIndexForward(false).build()).items())
        .extracting(i -> i.get("pk").s())
        .containsExactly("ten", "nine");
  }

  @Test
  void pagesFollowOneAnotherAndLimitsCountBeforeTheFilter() {
    for (int i = 0; i < 7; i++) {
      put("p" + i, "g", i);
    }
    List<String> seen = new ArrayList<>();
    Map<String, AttributeValue> start = null;
    int pages = 0;
    do {
      QueryResponse page = client().query(query().limit(3).exclusiveStartKey(start).build());
      page.items().forEach(i -> seen.add(i.get("pk").s()));
      start = page.lastEvaluatedKey().isEmpty() ? null : page.lastEvaluatedKey();
      pages++;
    } while (start != null);
    assertThat(seen).containsExactly("p0", "p1", "p2", "p3", "p4", "p5", "p6");
    assertThat(pages).isEqualTo(3);
    QueryResponse filtered =
        client()
            .query(
                query()
                    .limit(2)
                    .filterExpression("colour = :c")
                    .expressionAttributeValues(
                        Map.of(":g", text("g"), ":r", number(40), ":c", text("blue")))
                    .build());
    assertThat(filtered.items()).isEmpty();
    assertThat(filtered.lastEvaluatedKey()).isNotEmpty();
  }

  @Test
  void manyAreReadAtOnceAndTheMissingAreLeftOut() {
    put("a", "g", 1);
    put("b", "g", 2);
    List<Map<String, AttributeValue>> found =
        client()
            .batchGetItem(
                b ->
                    b.requestItems(
                        Map.of(
                            table,
                            software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes
                                .builder()
                                .keys(List.of(key("a"), key("b"), key("c")))
                                .consistentRead(true)
                                .build())))
            .responses()
            .get(table);
    assertThat(found).extracting(i -> i.get("pk").s()).containsExactlyInAnyOrder("a", "b");
  }
}
