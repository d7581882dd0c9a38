package dev.outpost.simulation;

import dev.outpost.dynamodb.DynamoTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/**
 * Counts the calls that pass over its wires, and what AWS bills for them. Not safe for use by
 * several threads.
 */
final class Meter {
  /** An entry of the count. */
  record Counted(Path path, Billed what, double amount) {}

  private final List<Counted> counted = new ArrayList<>();
  private final Map<Path, Map<String, Integer>> calls = new EnumMap<>(Path.class);
  private final Units units;
  private final Map<String, Double> latencies = new TreeMap<>();
  private Path path = Path.ADMIT;

  /** A meter of the tables that are created like a stage's. */
  Meter(String stage) {
    this.units = new Units(DynamoTables.names(stage));
  }

  /** From now on everything is counted for that path. */
  void on(Path next) {
    path = next;
    calls.computeIfAbsent(next, _ -> new TreeMap<>());
  }

  void add(Billed what, double amount) {
    counted.add(new Counted(path, what, amount));
  }

  List<Counted> counted() {
    return List.copyOf(counted);
  }

  /** Begins anew. */
  void forget() {
    counted.clear();
    calls.clear();
  }

  /** How often each operation was called on each path. */
  Map<Path, Map<String, Integer>> calls() {
    return calls;
  }

  /** The sum of what was counted. */
  Map<Billed, Double> sum() {
    Map<Billed, Double> sum = new EnumMap<>(Billed.class);
    counted.forEach(entry -> sum.merge(entry.what(), entry.amount(), Double::sum));
    return sum;
  }

  /** A write of an item, as the table saw it during the call that is under way. */
  void written(
      String table,
      Optional<Map<String, AttributeValue>> before,
      Optional<Map<String, AttributeValue>> after) {
    units.written(table, before, after);
  }

  /** A wire to that service on which everything is counted. */
  Wire to(String service) {
    return (operation, request, effect) -> call(service, operation, request, effect);
  }

  /** How long the calls since the last time this was asked take in AWS, in milliseconds. */
  double waited() {
    double sum = latencies.values().stream().mapToDouble(Double::doubleValue).sum();
    latencies.clear();
    return sum;
  }

  /** The function under way waits by itself for so long. */
  void linger(Duration time) {
    latencies.merge("itself", (double) time.toMillis(), Double::sum);
  }

  private Object call(
      String service, String operation, AwsRequest request, Supplier<Object> effect) {
    String name =
        service + ":" + Character.toUpperCase(operation.charAt(0)) + operation.substring(1);
    calls.computeIfAbsent(path, _ -> new TreeMap<>()).merge(name, 1, Integer::sum);
    latencies.merge(name, Latency.of(name), Double::sum);
    if (request instanceof GetSecretValueRequest) {
      // Whether there is such a secret or not.
      add(Billed.SECRET_CALL, 1);
    }
    Object answer = effect.get();
    switch (request) {
      case TransactWriteItemsRequest _ -> add(Billed.DYNAMODB_WRITE, units.taken(true));
      case PutEventsRequest put -> add(Billed.EVENTBRIDGE_EVENT, put.entries().size());
      case SendMessageRequest message -> message(message.messageGroupId() != null);
      default -> {
        switch (answer) {
          case GetItemResponse got ->
              add(
                  Billed.DYNAMODB_READ,
                  Units.read(
                      List.of(got.item()),
                      Boolean.TRUE.equals(((GetItemRequest) request).consistentRead())));
          case BatchGetItemResponse got -> {
            boolean consistent =
                ((BatchGetItemRequest) request)
                    .requestItems().values().stream()
                        .anyMatch(keys -> Boolean.TRUE.equals(keys.consistentRead()));
            got.responses()
                .values()
                .forEach(
                    items ->
                        items.forEach(
                            item ->
                                add(Billed.DYNAMODB_READ, Units.read(List.of(item), consistent))));
          }
          // Every query of ours is of an index, which is read without strong consistency.
          case QueryResponse found -> add(Billed.DYNAMODB_READ, Units.read(found.items(), false));
          default -> {
            double written = units.taken(false);
            if (written > 0) {
              add(Billed.DYNAMODB_WRITE, written);
            }
          }
        }
      }
    }
    return answer;
  }

  /**
   * A message that is sent, and that Lambda receives and deletes, alone in its batch: three
   * requests.
   */
  void message(boolean fair) {
    add(Billed.SQS_REQUEST, 3);
    if (fair) {
      add(Billed.SQS_FAIR, 3);
    }
  }
}
