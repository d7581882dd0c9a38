package dev.outpost.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads as much of a query as is wanted. */
final class Paged {
  private Paged() {}

  /** All items of a query. */
  static List<Map<String, AttributeValue>> all(
      QueryRequest query, DynamoDbClient client, Patience patience) {
    return read(query, Integer.MAX_VALUE, client, patience);
  }

  /** So many items of a query; a page of it may have fewer although there are more. */
  static List<Map<String, AttributeValue>> upTo(
      int limit, QueryRequest query, DynamoDbClient client, Patience patience) {
    return read(query, limit, client, patience);
  }

  private static List<Map<String, AttributeValue>> read(
      QueryRequest query, int limit, DynamoDbClient client, Patience patience) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    QueryRequest next = query;
    while (true) {
      QueryRequest request =
          limit == Integer.MAX_VALUE ? next : next.toBuilder().limit(limit - items.size()).build();
      QueryResponse response = patience.with(() -> client.query(request));
      items.addAll(response.items());
      if (items.size() >= limit || response.lastEvaluatedKey().isEmpty()) {
        return items;
      }
      next = request.toBuilder().exclusiveStartKey(response.lastEvaluatedKey()).build();
    }
  }
}
