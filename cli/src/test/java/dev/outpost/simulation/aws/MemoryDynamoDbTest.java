package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.items.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class MemoryDynamoDbTest extends DynamoDbConformance {
  private final MemoryDynamoDb dynamo = Models.dynamoDb();

  @Override
  protected DynamoDbClient client() {
    return dynamo;
  }

  @Test
  void aReadThatIsNotConsistentSeesThePast() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    AtomicReference<Duration> staleness = new AtomicReference<>(Duration.ofSeconds(3));
    MemoryDynamoDb model = new MemoryDynamoDb(now::get, staleness::get);
    dev.outpost.dynamodb.DynamoTables.create(model, "s");
    String table = Tables.name(Tables.API_KEYS, "s");
    Map<String, AttributeValue> key = Map.of(Tables.KEY_HASH, AttributeValue.fromS("h"));
    model.putItem(p -> p.tableName(table).item(key));
    now.set(now.get().plusSeconds(2));
    assertThat(model.getItem(g -> g.tableName(table).key(key)).item()).isEmpty();
    assertThat(model.getItem(g -> g.tableName(table).key(key).consistentRead(true)).item())
        .isEqualTo(key);
    now.set(now.get().plusSeconds(2));
    assertThat(model.getItem(g -> g.tableName(table).key(key)).item()).isEqualTo(key);
  }

  @Test
  void theStreamTellsEveryWriteInOrderButNoneThatChangedNothing() {
    MemoryDynamoDb model = Models.dynamoDb();
    String table = Tables.name(Tables.DISPATCHES, Models.STAGE);
    Map<String, AttributeValue> one =
        Map.of(Tables.DISPATCH_ID, AttributeValue.fromS("d"), "n", AttributeValue.fromN("1"));
    Map<String, AttributeValue> two =
        Map.of(Tables.DISPATCH_ID, AttributeValue.fromS("d"), "n", AttributeValue.fromN("2"));
    for (Map<String, AttributeValue> item : List.of(one, one, two)) {
      model.putItem(p -> p.tableName(table).item(item));
    }
    List<MemoryDynamoDb.Change> changes = model.changes(0);
    assertThat(changes).hasSize(2);
    assertThat(changes.getFirst().before()).isEmpty();
    assertThat(changes.getLast().before()).contains(one);
    assertThat(changes.getLast().after()).contains(two);
    model.trim(changes.getFirst().sequence());
    assertThat(model.changes(0)).hasSize(1);
  }
}
