package dev.outpost.simulation.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB in memory, as far as Outpost uses it: items and conditions, transactions with their
 * tokens, sparse indexes and eventually consistent reads, a stream, TTL that is late. Safe for use
 * by many threads, one of which is served at a time.
 */
public final class MemoryDynamoDb implements DynamoDbClient {
  /** How long the token of a transaction is honoured (API Reference, TransactWriteItems). */
  private static final Duration TOKEN_KEPT = Duration.ofMinutes(10);

  private static final int MAX_KEYS = 100;
  private static final String TTL = "expires_at_epoch";

  private final InstantSource clock;
  private final Staleness staleness;
  private final Map<String, MemoryTable> tables = new LinkedHashMap<>();
  private final Map<String, Token> tokens = new HashMap<>();
  private final Deque<Change> stream = new ArrayDeque<>();
  private final List<Consumer<Change>> listeners = new ArrayList<>();
  private long sequence;

  private record Token(TransactWriteItemsRequest request, Instant at) {}

  /**
   * A write of an item.
   *
   * @param sequence its place among all writes, from 1
   * @param table the table's name
   * @param keys the item's key
   * @param before the item before; empty when it was new
   * @param after the item after; empty when it was removed
   */
  public record Change(
      long sequence,
      String table,
      Map<String, AttributeValue> keys,
      Optional<Map<String, AttributeValue>> before,
      Optional<Map<String, AttributeValue>> after) {}

  /** How far behind an eventually consistent read or a query of an index is. */
  @FunctionalInterface
  public interface Staleness {
    /** How far back the call looks; asked once for each, at most 30 seconds. */
    Duration behind();

    /** Called when a call has told something else than what is. */
    default void showed() {}
  }

  /** An account without tables. */
  public MemoryDynamoDb(InstantSource clock, Staleness staleness) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.staleness = Objects.requireNonNull(staleness, "staleness");
  }

  /** Has the listener told of every write, in the moment it happens. */
  public synchronized void onWrite(Consumer<Change> listener) {
    listeners.add(listener);
  }

  @Override
  public synchronized CreateTableResponse createTable(CreateTableRequest request) {
    tables.put(request.tableName(), new MemoryTable(request));
    return CreateTableResponse.builder().build();
  }

  private MemoryTable table(String name) {
    MemoryTable table = tables.get(name);
    if (table == null) {
      throw (ResourceNotFoundException)
          error(
              ResourceNotFoundException.builder(),
              "ResourceNotFoundException",
              "Requested resource not found: " + name);
    }
    return table;
  }

  private static AwsServiceException error(
      AwsServiceException.Builder builder, String code, String message) {
    return builder
        .statusCode(400)
        .message(message)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }

  private static AwsServiceException invalid(String message) {
    return error(DynamoDbException.builder(), "ValidationException", message);
  }

  /** Writes an item, or removes it, and tells the stream unless nothing changed. */
  private void write(
      MemoryTable table,
      Map<String, AttributeValue> key,
      Optional<Map<String, AttributeValue>> after) {
    Optional<Map<String, AttributeValue>> before = table.get(key);
    if (before.equals(after)) {
      return;
    }
    table.put(key, after.map(Map::copyOf), clock.instant());
    Change change = new Change(++sequence, table.name(), key, before, after);
    if (table.hasStream()) {
      stream.add(change);
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  @Override
  public synchronized GetItemResponse getItem(GetItemRequest request) {
    MemoryTable table = table(request.tableName());
    Optional<Map<String, AttributeValue>> item =
        Boolean.TRUE.equals(request.consistentRead())
            ? table.get(request.key())
            : lately(table, at -> table.get(request.key(), at));
    return GetItemResponse.builder().item(item.orElse(null)).build();
  }

  private <T> T lately(MemoryTable table, Function<Instant, T> read) {
    Instant now = clock.instant();
    Instant then = now.minus(staleness.behind());
    T told = read.apply(then);
    if (table.hasChangedSince(then) && !told.equals(read.apply(now))) {
      staleness.showed();
    }
    return told;
  }

  @Override
  public synchronized BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    Map<String, List<Map<String, AttributeValue>>> found = new LinkedHashMap<>();
    for (Map.Entry<String, KeysAndAttributes> wanted : request.requestItems().entrySet()) {
      MemoryTable table = table(wanted.getKey());
      List<Map<String, AttributeValue>> keys = wanted.getValue().keys();
      if (keys.isEmpty() || keys.size() > MAX_KEYS || new HashSet<>(keys).size() < keys.size()) {
        throw invalid("BatchGetItem takes 1 to 100 different keys");
      }
      Function<Instant, List<Map<String, AttributeValue>>> read =
          at -> keys.stream().flatMap(key -> table.get(key, at).stream()).toList();
      found.put(
          wanted.getKey(),
          Boolean.TRUE.equals(wanted.getValue().consistentRead())
              ? read.apply(clock.instant())
              : lately(table, read));
    }
    return BatchGetItemResponse.builder().responses(found).unprocessedKeys(Map.of()).build();
  }

  @Override
  public synchronized PutItemResponse putItem(PutItemRequest request) {
    MemoryTable table = table(request.tableName());
    Map<String, AttributeValue> key = table.keyOf(request.item());
    check(
        table.get(key),
        request.conditionExpression(),
        request.expressionAttributeNames(),
        request.expressionAttributeValues(),
        request.returnValuesOnConditionCheckFailure());
    write(table, key, Optional.of(request.item()));
    return PutItemResponse.builder().build();
  }

  @Override
  public synchronized UpdateItemResponse updateItem(UpdateItemRequest request) {
    MemoryTable table = table(request.tableName());
    Optional<Map<String, AttributeValue>> item = table.get(request.key());
    check(
        item,
        request.conditionExpression(),
        request.expressionAttributeNames(),
        request.expressionAttributeValues(),
        request.returnValuesOnConditionCheckFailure());
    Map<String, AttributeValue> next =
        Expression.updated(
            request.updateExpression(),
            request.expressionAttributeNames(),
            request.expressionAttributeValues(),
            item.orElse(request.key()));
    write(table, table.keyOf(request.key()), Optional.of(next));
    return UpdateItemResponse.builder()
        .attributes(request.returnValues() == ReturnValue.ALL_NEW ? next : null)
        .build();
  }

  private static void check(
      Optional<Map<String, AttributeValue>> item,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      ReturnValuesOnConditionCheckFailure returned) {
    if (!Expression.holds(condition, names, values, item.orElse(Map.of()))) {
      boolean old = returned == ReturnValuesOnConditionCheckFailure.ALL_OLD;
      throw (ConditionalCheckFailedException)
          error(
              ConditionalCheckFailedException.builder().item(old ? item.orElse(null) : null),
              "ConditionalCheckFailedException",
              "The conditional request failed");
    }
  }

  /** What one part of a transaction demands and does, whatever its kind. */
  private record Part(
      MemoryTable table,
      Map<String, AttributeValue> key,
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      ReturnValuesOnConditionCheckFailure returned,
      Effect effect) {}

  private interface Effect {
    Optional<Map<String, AttributeValue>> on(Optional<Map<String, AttributeValue>> item);
  }

  private Part part(TransactWriteItem write) {
    if (write.put() != null) {
      Put put = write.put();
      MemoryTable table = table(put.tableName());
      return new Part(
          table,
          table.keyOf(put.item()),
          put.conditionExpression(),
          put.expressionAttributeNames(),
          put.expressionAttributeValues(),
          put.returnValuesOnConditionCheckFailure(),
          _ -> Optional.of(put.item()));
    }
    if (write.update() != null) {
      Update update = write.update();
      return new Part(
          table(update.tableName()),
          update.key(),
          update.conditionExpression(),
          update.expressionAttributeNames(),
          update.expressionAttributeValues(),
          update.returnValuesOnConditionCheckFailure(),
          item ->
              Optional.of(
                  Expression.updated(
                      update.updateExpression(),
                      update.expressionAttributeNames(),
                      update.expressionAttributeValues(),
                      item.orElse(update.key()))));
    }
    if (write.delete() != null) {
      Delete delete = write.delete();
      return new Part(
          table(delete.tableName()),
          delete.key(),
          delete.conditionExpression(),
          delete.expressionAttributeNames(),
          delete.expressionAttributeValues(),
          delete.returnValuesOnConditionCheckFailure(),
          _ -> Optional.empty());
    }
    ConditionCheck check = write.conditionCheck();
    return new Part(
        table(check.tableName()),
        check.key(),
        check.conditionExpression(),
        check.expressionAttributeNames(),
        check.expressionAttributeValues(),
        check.returnValuesOnConditionCheckFailure(),
        item -> item);
  }

  @Override
  public synchronized TransactWriteItemsResponse transactWriteItems(
      TransactWriteItemsRequest request) {
    Instant now = clock.instant();
    Token token = tokens.get(request.clientRequestToken());
    if (token != null && now.isBefore(token.at().plus(TOKEN_KEPT))) {
      if (!token.request().equals(request)) {
        throw (IdempotentParameterMismatchException)
            error(
                IdempotentParameterMismatchException.builder(),
                "IdempotentParameterMismatchException",
                "The token was used with another request");
      }
      return TransactWriteItemsResponse.builder().build();
    }
    List<Part> parts = request.transactItems().stream().map(this::part).toList();
    Set<String> keys = new HashSet<>();
    List<CancellationReason> reasons = new ArrayList<>();
    boolean failed = false;
    for (Part part : parts) {
      if (!keys.add(part.table().name() + part.key())) {
        throw invalid("Transaction request cannot include multiple operations on one item");
      }
      Optional<Map<String, AttributeValue>> item = part.table().get(part.key());
      boolean holds =
          Expression.holds(part.condition(), part.names(), part.values(), item.orElse(Map.of()));
      boolean old = part.returned() == ReturnValuesOnConditionCheckFailure.ALL_OLD;
      reasons.add(
          holds
              ? CancellationReason.builder().code("None").build()
              : CancellationReason.builder()
                  .code("ConditionalCheckFailed")
                  .message("The conditional request failed")
                  .item(old ? item.orElse(null) : null)
                  .build());
      failed |= !holds;
    }
    if (failed) {
      throw (TransactionCanceledException)
          error(
              TransactionCanceledException.builder().cancellationReasons(reasons),
              "TransactionCanceledException",
              "Transaction cancelled, please refer cancellation reasons for specific reasons");
    }
    parts.forEach(
        part -> write(part.table(), part.key(), part.effect().on(part.table().get(part.key()))));
    if (request.clientRequestToken() != null) {
      tokens.put(request.clientRequestToken(), new Token(request, now));
    }
    return TransactWriteItemsResponse.builder().build();
  }

  @Override
  public synchronized QueryResponse query(QueryRequest request) {
    MemoryTable table = table(request.tableName());
    return Boolean.TRUE.equals(request.consistentRead()) && request.indexName() == null
        ? query(table, request, clock.instant())
        : lately(table, at -> query(table, request, at));
  }

  private static QueryResponse query(MemoryTable table, QueryRequest request, Instant at) {
    String index = request.indexName();
    List<Map<String, AttributeValue>> matching = new ArrayList<>();
    for (Map<String, AttributeValue> item : table.all(at)) {
      if (table.isIn(item, index)
          && Expression.holds(
              request.keyConditionExpression(),
              request.expressionAttributeNames(),
              request.expressionAttributeValues(),
              item)) {
        matching.add(item);
      }
    }
    Comparator<Map<String, AttributeValue>> order = order(table.sortedBy(index));
    if (Boolean.FALSE.equals(request.scanIndexForward())) {
      order = order.reversed();
    }
    matching.sort(order);
    if (request.hasExclusiveStartKey()) {
      Comparator<Map<String, AttributeValue>> from = order;
      matching.removeIf(item -> from.compare(item, request.exclusiveStartKey()) <= 0);
    }
    int most = request.limit() == null ? Integer.MAX_VALUE : request.limit();
    boolean more = matching.size() >= most;
    List<Map<String, AttributeValue>> page = matching.subList(0, Math.min(most, matching.size()));
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (Map<String, AttributeValue> item : page) {
      Map<String, AttributeValue> projected = table.projected(item, index);
      if (Expression.holds(
          request.filterExpression(),
          request.expressionAttributeNames(),
          request.expressionAttributeValues(),
          projected)) {
        items.add(projected);
      }
    }
    return QueryResponse.builder()
        .items(items)
        .count(items.size())
        .scannedCount(page.size())
        .lastEvaluatedKey(more ? MemoryTable.only(page.getLast(), table.keysOf(index)) : Map.of())
        .build();
  }

  private static Comparator<Map<String, AttributeValue>> order(List<String> attributes) {
    return (one, other) -> {
      for (String attribute : attributes) {
        int order = Values.compare(one.get(attribute), other.get(attribute));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  /** The stream's records after that one, of all tables that have a stream, in order. */
  public synchronized List<Change> changes(long after) {
    return stream.stream().filter(change -> change.sequence() > after).toList();
  }

  /** Forgets the stream's records up to that one. */
  public synchronized void trim(long upTo) {
    stream.removeIf(change -> change.sequence() <= upTo);
  }

  /** Removes what TTL would have removed by that instant. */
  public synchronized void expire(Instant now) {
    for (MemoryTable table : tables.values()) {
      for (Map<String, AttributeValue> item : table.all(clock.instant())) {
        AttributeValue expires = item.get(TTL);
        if (expires != null && Long.parseLong(expires.n()) < now.getEpochSecond()) {
          write(table, table.keyOf(item), Optional.empty());
        }
      }
    }
  }

  /** All items of that table, as they are. */
  public synchronized List<Map<String, AttributeValue>> items(String tableName) {
    return List.copyOf(table(tableName).all(clock.instant()));
  }

  @Override
  public String serviceName() {
    return "dynamodb";
  }

  @Override
  public void close() {}
}
