package dev.outpost.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * The wire to one service: each call is a moment at which other processes go on, at which its own
 * process may end, and at which whatever the service documents may go wrong, before or after it has
 * taken effect.
 */
final class AwsWire implements Wire {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofMillis(60);
  private static final Duration SLOWEST = Duration.ofSeconds(40);

  private final Service service;
  private final World world;
  private final Chance chance;

  /** Why a transaction is cancelled where an item's table is throttled. */
  private static final List<String> THROTTLED_ITEMS =
      List.of("ThrottlingError", "ProvisionedThroughputExceeded");

  AwsWire(Service service, World world) {
    this.service = Objects.requireNonNull(service, "service");
    this.world = Objects.requireNonNull(world, "world");
    this.chance = world.chance();
  }

  @Override
  public Object call(String operation, AwsRequest request, Supplier<Object> effect) {
    Weather weather = world.weather();
    travel();
    world.trace(operation, request);
    if (weather.has(Fault.PROCESS_STOPPED_BEFORE)) {
      world.timeline().stopHere();
    }
    if (world.isDown(service) || weather.has(Fault.CALL_REFUSED)) {
      throw service.fault();
    }
    if (weather.has(Fault.CALL_THROTTLED)) {
      throw request instanceof TransactWriteItemsRequest transaction && chance.hit(0.5)
          ? cancelled(transaction, chance.oneOf(THROTTLED_ITEMS))
          : service.throttle(chance);
    }
    Object answer = special(request, effect);
    world.check();
    if (weather.has(Fault.PROCESS_STOPPED_AFTER)) {
      world.timeline().stopHere();
    }
    if (weather.has(Fault.CALL_ANSWER_LOST)) {
      travel();
      throw chance.hit(0.5) ? Service.noAnswer() : service.fault();
    }
    travel();
    return answer;
  }

  private void travel() {
    world
        .timeline()
        .sleep(
            world.weather().has(Fault.CALL_SLOW)
                ? chance.between(LONGEST, SLOWEST)
                : chance.between(SHORTEST, LONGEST));
  }

  private Object special(AwsRequest request, Supplier<Object> effect) {
    Weather weather = world.weather();
    switch (request) {
      case TransactWriteItemsRequest transaction -> {
        if (weather.has(Fault.DYNAMODB_CONFLICT)) {
          throw cancelled(transaction, "TransactionConflict");
        }
      }
      case PutItemRequest _, UpdateItemRequest _, DeleteItemRequest _ -> {
        if (weather.has(Fault.DYNAMODB_CONFLICT)) {
          throw conflict();
        }
      }
      case BatchGetItemRequest batch -> {
        if (weather.has(Fault.DYNAMODB_KEYS_UNPROCESSED)) {
          return some(batch);
        }
      }
      case RunTaskRequest run -> {
        return world.fargate().run(run, effect);
      }
      case StopTaskRequest _ -> {
        if (weather.has(Fault.ECS_STOP_LOST)) {
          return StopTaskResponse.builder().build();
        }
      }
      case PutEventsRequest put -> {
        if (weather.has(Fault.EVENT_REFUSED)) {
          return refused(put);
        }
      }
      default -> {}
    }
    if (weather.has(Fault.CALL_SENT_TWICE)) {
      try {
        var _ = effect.get();
      } catch (RuntimeException _) {
        // Its answer was lost, whatever it was.
      }
      world.check();
      travel();
    }
    return effect.get();
  }

  /** How a single write says that a transaction has its item. */
  private static TransactionConflictException conflict() {
    return (TransactionConflictException)
        Service.with(
            TransactionConflictException.builder(),
            400,
            "TransactionConflictException",
            "Transaction is ongoing for the item");
  }

  /** BatchGetItem answers for some keys only, and names the others. */
  private BatchGetItemResponse some(BatchGetItemRequest batch) {
    Map.Entry<String, KeysAndAttributes> wanted = batch.requestItems().entrySet().iterator().next();
    List<Map<String, AttributeValue>> keys = wanted.getValue().keys();
    int read = chance.below(keys.size());
    KeysAndAttributes left =
        wanted.getValue().toBuilder().keys(keys.subList(read, keys.size())).build();
    Map<String, KeysAndAttributes> unprocessed = Map.of(wanted.getKey(), left);
    if (read == 0) {
      return BatchGetItemResponse.builder()
          .responses(Map.of())
          .unprocessedKeys(unprocessed)
          .build();
    }
    KeysAndAttributes first = wanted.getValue().toBuilder().keys(keys.subList(0, read)).build();
    return world
        .dynamo()
        .batchGetItem(batch.toBuilder().requestItems(Map.of(wanted.getKey(), first)).build())
        .toBuilder()
        .unprocessedKeys(unprocessed)
        .build();
  }

  private TransactionCanceledException cancelled(TransactWriteItemsRequest request, String why) {
    List<CancellationReason> reasons = new ArrayList<>();
    int which = chance.below(request.transactItems().size());
    for (int i = 0; i < request.transactItems().size(); i++) {
      reasons.add(CancellationReason.builder().code(i == which ? why : "None").build());
    }
    return (TransactionCanceledException)
        Service.with(
            TransactionCanceledException.builder().cancellationReasons(reasons),
            400,
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons");
  }

  /** PutEvents answers 200 although entries were refused; the others were taken. */
  private PutEventsResponse refused(PutEventsRequest put) {
    List<PutEventsRequestEntry> rest = new ArrayList<>(put.entries());
    int which = chance.below(rest.size());
    rest.remove(which);
    List<PutEventsResultEntry> results =
        rest.isEmpty()
            ? new ArrayList<>()
            : new ArrayList<>(
                world.bus().putEvents(put.toBuilder().entries(rest).build()).entries());
    results.add(
        which,
        PutEventsResultEntry.builder()
            .errorCode("InternalFailure")
            .errorMessage("The request processing has failed.")
            .build());
    return PutEventsResponse.builder().failedEntryCount(1).entries(results).build();
  }

  /** How RunTask says that there is no room, or that it will not. */
  static RunTaskResponse failure(String reason) {
    return RunTaskResponse.builder().failures(Failure.builder().reason(reason).build()).build();
  }

  static EcsException noCapacity() {
    return (EcsException)
        Service.with(
            EcsException.builder(),
            400,
            "ClientException",
            "Capacity is unavailable at this time. Please try again later");
  }

  static InvalidParameterException refusal() {
    return (InvalidParameterException)
        Service.with(
            InvalidParameterException.builder(),
            400,
            "InvalidParameterException",
            "The subnets do not exist.");
  }
}
