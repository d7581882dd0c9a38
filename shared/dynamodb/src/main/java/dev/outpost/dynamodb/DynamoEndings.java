package dev.outpost.dynamodb;

import dev.outpost.dispatch.Status;
import dev.outpost.fleet.Ending;
import dev.outpost.fleet.Endings;
import dev.outpost.items.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The counts in DynamoDB: an item for each bucket of time, with two counters for each agent and
 * status: {@code dispatches#success#claude} and {@code ran_ms#success#claude}. Safe for use by many
 * threads and processes.
 */
public final class DynamoEndings implements Endings {
  private static final String DISPATCHES = "dispatches";
  private static final String RAN = "ran_ms";

  private final DynamoDbClient client;
  private final Patience patience;
  private final String table;

  /**
   * The counts of that stage.
   *
   * @param client stays the caller's to close
   */
  public DynamoEndings(DynamoDbClient client, String stage) {
    this(client, stage, Pauses.random());
  }

  /**
   * The same with its own way to wait between tries.
   *
   * @param client stays the caller's to close
   */
  public DynamoEndings(DynamoDbClient client, String stage, Pauses pauses) {
    this.client = Objects.requireNonNull(client, "client");
    this.patience = new Patience(pauses);
    this.table = Tables.name(Tables.POOL, Objects.requireNonNull(stage, "stage"));
  }

  @Override
  public void add(List<Ending> endings) {
    Map<Instant, Map<String, Long>> buckets = new HashMap<>();
    for (Ending ending : endings) {
      Map<String, Long> counters =
          buckets.computeIfAbsent(Endings.bucket(ending.at()), _ -> new HashMap<>());
      String whose = "#" + ending.status().wire() + "#" + ending.agent();
      counters.merge(DISPATCHES + whose, 1L, Long::sum);
      counters.merge(RAN + whose, ending.ran().toMillis(), Long::sum);
    }
    buckets.forEach(this::add);
  }

  private void add(Instant bucket, Map<String, Long> counters) {
    Map<String, String> names = new HashMap<>(Map.of("#expires", Tables.EXPIRES));
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(
        ":expires",
        AttributeValues.of(bucket.plus(WINDOW).plus(Duration.ofDays(1)).getEpochSecond()));
    List<String> adds = new ArrayList<>();
    counters.forEach(
        (name, by) -> {
          int number = adds.size();
          names.put("#c" + number, name);
          values.put(":c" + number, AttributeValues.of(by));
          adds.add("#c" + number + " :c" + number);
        });
    UpdateItemRequest request =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(key(bucket))
            .updateExpression("SET #expires = :expires ADD " + String.join(", ", adds))
            .expressionAttributeNames(names)
            .expressionAttributeValues(values)
            .build();
    patience.with(() -> client.updateItem(request));
  }

  @Override
  public List<Count> lastHour(Instant now) {
    List<Map<String, AttributeValue>> keys = new ArrayList<>();
    Instant newest = Endings.bucket(now);
    // One bucket more than the hour has, for the oldest is partly within it.
    for (long i = 0; i <= WINDOW.dividedBy(BUCKET); i++) {
      keys.add(key(newest.minus(BUCKET.multipliedBy(i))));
    }
    Map<String, Count> counts = new HashMap<>();
    Batch.read(
        client,
        patience,
        table,
        keys,
        false,
        item ->
            item.forEach(
                (name, value) -> count(name, value).ifPresent(count -> merge(counts, count))));
    return List.copyOf(counts.values());
  }

  private static void merge(Map<String, Count> counts, Count count) {
    counts.merge(
        count.status() + "#" + count.agent(),
        count,
        (a, b) ->
            new Count(
                a.agent(), a.status(), a.dispatches() + b.dispatches(), a.ran().plus(b.ran())));
  }

  /** What a counter says; empty for another attribute. */
  private static Optional<Count> count(String name, AttributeValue value) {
    String[] parts = name.split("#", 3);
    if (parts.length < 3) {
      return Optional.empty();
    }
    long number = Long.parseLong(value.n());
    boolean ran = parts[0].equals(RAN);
    return Status.of(parts[1])
        .map(
            status ->
                new Count(
                    parts[2],
                    status,
                    ran ? 0 : number,
                    ran ? Duration.ofMillis(number) : Duration.ZERO));
  }

  private static Map<String, AttributeValue> key(Instant bucket) {
    return Map.of(Tables.POOL_KEY, AttributeValues.of("ENDINGS#" + bucket));
  }
}
