package dev.outpost.dynamodb;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Reads many items of a table by their keys. */
final class Batch {
  /** How many keys one call takes (DynamoDB API Reference, BatchGetItem). */
  static final int MAX_KEYS = 100;

  private Batch() {}

  /**
   * Gives each item that is there to the consumer, in no order.
   *
   * @param keys at most {@link #MAX_KEYS}
   * @param consistent whether with strong consistency, at twice the price
   */
  static void read(
      DynamoDbClient client,
      Patience patience,
      String table,
      List<Map<String, AttributeValue>> keys,
      boolean consistent,
      Consumer<Map<String, AttributeValue>> each) {
    if (keys.isEmpty()) {
      return;
    }
    Map<String, KeysAndAttributes> wanted =
        Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(consistent).build());
    for (int attempt = 1; !wanted.isEmpty(); attempt++) {
      Map<String, KeysAndAttributes> request = wanted;
      BatchGetItemResponse response =
          patience.with(() -> client.batchGetItem(get -> get.requestItems(request)));
      response.responses().getOrDefault(table, List.of()).forEach(each);
      wanted = response.unprocessedKeys();
      if (!wanted.isEmpty() && (attempt == Patience.TRIES || !patience.pause(attempt))) {
        throw new IllegalStateException("DynamoDB left keys of " + table + " unread");
      }
    }
  }
}
