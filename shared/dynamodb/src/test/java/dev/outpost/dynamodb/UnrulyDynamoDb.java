package dev.outpost.dynamodb;

import dev.outpost.items.Tables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB as it is on a bad day: its writes conflict, are throttled, or happen without an answer.
 * It also counts calls and the units they are billed.
 */
public final class UnrulyDynamoDb implements DynamoDbClient {
  private final DynamoDbClient client;
  private final Deque<Mischief> planned = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();

  /** What is done to one write. */
  private interface Mischief {
    <T> T around(Supplier<T> call);
  }

  /**
   * A call that was made.
   *
   * @param operation its name
   * @param units the units it was billed, indexes included
   */
  public record Call(String operation, double units) {}

  /** A client that behaves until told otherwise. */
  public UnrulyDynamoDb(DynamoDbClient client) {
    this.client = client;
  }

  /** Refuses so many writes, which have no effect. */
  public void refuse(int howMany, RuntimeException with) {
    for (int i = 0; i < howMany; i++) {
      planned.add(
          new Mischief() {
            @Override
            public <T> T around(Supplier<T> call) {
              throw with;
            }
          });
    }
  }

  /** Makes the next write happen, but its answer is lost and the SDK gives up. */
  public void loseAnswer() {
    loseAnswer(SdkClientException.create("connection reset"));
  }

  /** Makes the next write happen, and that is what its caller sees. */
  public void loseAnswer(RuntimeException with) {
    planned.add(
        new Mischief() {
          @Override
          public <T> T around(Supplier<T> call) {
            T _ = call.get();
            throw with;
          }
        });
  }

  /** Makes the next write happen, but its answer is lost and the SDK sends it again. */
  public void sendAgain() {
    planned.add(
        new Mischief() {
          @Override
          public <T> T around(Supplier<T> call) {
            T _ = call.get();
            return call.get();
          }
        });
  }

  /** A transaction's cancellation for these reasons, one for each item. */
  public static TransactionCanceledException cancelled(String... codes) {
    List<CancellationReason> reasons = new ArrayList<>();
    for (String code : codes) {
      reasons.add(CancellationReason.builder().code(code).build());
    }
    return TransactionCanceledException.builder()
        .message("cancelled")
        .cancellationReasons(reasons)
        .build();
  }

  /** The calls since the last time this was asked. */
  public List<Call> calls() {
    List<Call> made = List.copyOf(calls);
    calls.clear();
    return made;
  }

  private <T> T write(Supplier<T> call) {
    Mischief next = planned.poll();
    return next == null ? call.get() : next.around(call);
  }

  private void count(String operation, List<ConsumedCapacity> capacities) {
    calls.add(
        new Call(
            operation, capacities.stream().mapToDouble(ConsumedCapacity::capacityUnits).sum()));
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    return write(() -> client.deleteItem(request));
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    // The client in this process leaves out what the SDK's own does: a token for each transaction.
    TransactWriteItemsRequest tokened =
        request.toBuilder()
            .clientRequestToken(UUID.randomUUID().toString())
            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
            .build();
    return write(
        () -> {
          TransactWriteItemsResponse response = client.transactWriteItems(tokened);
          count("TransactWriteItems", response.consumedCapacity());
          return response;
        });
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return write(
        () -> {
          PutItemResponse response =
              client.putItem(
                  request.toBuilder()
                      .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                      .build());
          count("PutItem", List.of(response.consumedCapacity()));
          return response;
        });
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return write(
        () -> {
          UpdateItemResponse response =
              client.updateItem(
                  request.toBuilder()
                      .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                      .build());
          count("UpdateItem", List.of(response.consumedCapacity()));
          return response;
        });
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    GetItemResponse response =
        client.getItem(
            request.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build());
    count("GetItem", List.of(response.consumedCapacity()));
    return response;
  }

  /**
   * A query is no snapshot: an entry of an index that moves meanwhile may be told twice. Here each
   * dispatch that is due is.
   */
  @Override
  public QueryResponse query(QueryRequest request) {
    QueryResponse response =
        client.query(
            request.toBuilder().returnConsumedCapacity(ReturnConsumedCapacity.TOTAL).build());
    count("Query", List.of(response.consumedCapacity()));
    boolean twice =
        Tables.BY_DUE.equals(request.indexName())
            && request.tableName().startsWith(Tables.DISPATCHES);
    return twice
        ? response.toBuilder()
            .items(Stream.concat(response.items().stream(), response.items().stream()).toList())
            .build()
        : response;
  }

  /** Reads no more than three keys of a table at once and leaves the others unprocessed. */
  @Override
  public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    Map.Entry<String, KeysAndAttributes> only = request.requestItems().entrySet().iterator().next();
    KeysAndAttributes wanted = only.getValue();
    int some = Math.min(3, wanted.keys().size());
    BatchGetItemResponse response =
        client.batchGetItem(
            get ->
                get.requestItems(
                        Map.of(
                            only.getKey(),
                            wanted.toBuilder().keys(wanted.keys().subList(0, some)).build()))
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    count("BatchGetItem", response.consumedCapacity());
    if (some == wanted.keys().size()) {
      return response;
    }
    return response.toBuilder()
        .unprocessedKeys(
            Map.of(
                only.getKey(),
                wanted.toBuilder().keys(wanted.keys().subList(some, wanted.keys().size())).build()))
        .build();
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }
}
