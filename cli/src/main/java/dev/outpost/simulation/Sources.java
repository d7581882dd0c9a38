package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import dev.outpost.machine.BatchOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * What calls the functions that nobody calls by HTTP: Lambda's event source mappings on the queues
 * and the stream, EventBridge's rule for task events, the scheduler.
 */
final class Sources {
  /** How long a function may take; a queue's visibility timeout is six times that. */
  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(30);

  static final int VISIBILITY_SECONDS = 180;

  private static final Duration POLL = Duration.ofMillis(700);
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration RECONCILE_EVERY = Duration.ofMinutes(1);
  private static final int SHARDS = 2;
  private static final int LAUNCHERS = 3;
  private static final int TASK_EVENT_READERS = 2;
  private static final int DELIVERERS = 2;

  private final World world;
  private final Chance chance;
  private final Timeline timeline;
  private final List<StreamShard> shards = new ArrayList<>();
  private Instant reconcilerDownUntil = Instant.MIN;

  Sources(World world) {
    this.world = world;
    this.chance = world.chance();
    this.timeline = world.timeline();
    for (int i = 0; i < SHARDS; i++) {
      shards.add(new StreamShard(world, this::relay));
    }
  }

  void start() {
    for (int i = 0; i < LAUNCHERS; i++) {
      poll(
          "launcher",
          world.launchQueue(),
          event ->
              world.environment().launcher.handleRequest(event, Functions.invocation("launcher")));
    }
    for (int i = 0; i < TASK_EVENT_READERS; i++) {
      poll(
          "taskevents",
          world.taskEventQueue(),
          event ->
              world
                  .environment()
                  .taskEvents
                  .handleRequest(event, Functions.invocation("taskevents")));
    }
    for (int i = 0; i < DELIVERERS; i++) {
      poll(
          "webhooks",
          world.deliveryQueue(),
          event ->
              world.environment().deliverer.handleRequest(event, Functions.invocation("webhooks")));
    }
    timeline.after(POLL, this::readStream);
    timeline.after(chance.upTo(RECONCILE_EVERY), this::reconcile);
  }

  /** An event of ECS on the default bus: its rule's target is the queue of task events. */
  void taskEvent(String json) {
    Weather weather = world.weather();
    world.trace("task event", json);
    if (!isBrought(json) || weather.has(Fault.EVENT_LOST)) {
      return;
    }
    int copies = weather.has(Fault.EVENT_DUPLICATED) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      Duration delay =
          weather.has(Fault.EVENT_LATE)
              ? chance.between(Duration.ofSeconds(10), Duration.ofHours(2))
              : chance.between(Duration.ofMillis(50), Duration.ofSeconds(3));
      timeline.after(delay, () -> world.send(world.taskEventQueue(), json));
    }
  }

  /** In one half of all histories the rule brings only what it must, in the other every event. */
  private boolean isBrought(String json) {
    return world.bringsEveryEvent() || isTelling(json);
  }

  /** Whether the rule for task events brings that one to their queue. */
  static boolean isTelling(String json) {
    try {
      return Json.object(json).get("detail") instanceof Map<?, ?> detail
          && TaskEvents.TELLING.contains(detail.get("lastStatus"));
    } catch (MalformedJson e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Feeds a function from a queue, one batch at a time. */
  private void poll(String name, String queue, Function<SQSEvent, SQSBatchResponse> function) {
    Runnable next = () -> poll(name, queue, function);
    // In clear weather a poll finds nothing but what is visible: most of a long history's polls.
    boolean asks = !world.weather().isClear() || world.sqs().depth(queue).visible() > 0;
    List<Message> messages = asks ? world.receive(queue) : List.of();
    if (messages.isEmpty()) {
      timeline.after(chance.between(POLL, IDLE), next);
      return;
    }
    SQSEvent event = new SQSEvent();
    event.setRecords(messages.stream().map(Sources::message).toList());
    List<String> ids = messages.stream().map(Message::messageId).toList();
    Strand strand =
        timeline.start(
            name,
            () -> {
              SQSBatchResponse response = world.guarded(name, () -> function.apply(event));
              if (response == null || world.weather().has(Fault.SQS_BATCH_FAILED)) {
                return;
              }
              Set<String> done = BatchOutcome.done(ids, response);
              for (Message message : messages) {
                if (done.contains(message.messageId())) {
                  world.delete(queue, message);
                }
              }
            },
            () -> timeline.after(Duration.ZERO, next));
    timeline.after(FUNCTION_TIMEOUT, () -> timeline.stop(strand));
  }

  private static SQSMessage message(Message received) {
    SQSMessage message = new SQSMessage();
    message.setMessageId(received.messageId());
    message.setReceiptHandle(received.receiptHandle());
    message.setBody(received.body());
    message.setAttributes(received.attributesAsStrings());
    message.setEventSource("aws:sqs");
    return message;
  }

  private void readStream() {
    world.takeChanges().forEach(change -> shards.get(shard(change)).add(change));
    shards.forEach(StreamShard::poll);
    Instant now = timeline.instant();
    boolean waits = shards.stream().allMatch(shard -> shard.isEmpty() || shard.isDown(now));
    timeline.after(waits ? chance.between(POLL, IDLE) : POLL, this::readStream);
  }

  private static int shard(StreamShard.Entry entry) {
    return Math.floorMod(entry.key().hashCode(), SHARDS);
  }

  private Strand relay(List<DynamodbStreamRecord> batch, StreamShard shard) {
    DynamodbEvent event = new DynamodbEvent();
    event.setRecords(batch);
    Strand strand =
        timeline.start(
            "relay",
            () -> {
              StreamsEventResponse response =
                  world.guarded(
                      "relay",
                      () ->
                          world
                              .environment()
                              .relay
                              .handleRequest(event, Functions.invocation("relay")));
              if (response != null) {
                shard.answered(response);
              }
            },
            shard::free);
    timeline.after(FUNCTION_TIMEOUT, () -> timeline.stop(strand));
    return strand;
  }

  /** Whether every record of the stream was told. */
  boolean streamIsRead() {
    return shards.stream().allMatch(StreamShard::isEmpty);
  }

  /**
   * When the stream is told again: now, or later. An outage that loses records does not end early.
   */
  Instant streamIsBack(Instant now) {
    return shards.stream()
        .map(StreamShard::surelyDownUntil)
        .filter(now::isBefore)
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  /** When the reconciler is up again: now, or later. An outage of its outlasts the weather. */
  Instant reconcilerIsBack(Instant now) {
    return reconcilerDownUntil.isAfter(now) ? reconcilerDownUntil : now;
  }

  private void reconcile() {
    timeline.after(RECONCILE_EVERY, this::reconcile);
    Weather weather = world.weather();
    if (chance.hit(0.02) && weather.has(Fault.RECONCILER_DOWN)) {
      reconcilerDownUntil =
          timeline.instant().plus(chance.between(Duration.ofMinutes(10), Duration.ofHours(4)));
    }
    boolean down = timeline.instant().isBefore(reconcilerDownUntil);
    if (weather.has(Fault.RECONCILER_MISSED) || down) {
      return;
    }
    int rounds = weather.has(Fault.RECONCILER_TWICE) ? 2 : 1;
    for (int i = 0; i < rounds; i++) {
      Strand strand =
          timeline.start(
              "reconciler",
              () ->
                  world.guarded(
                      "reconciler",
                      () ->
                          world
                              .environment()
                              .reconciler
                              .handleRequest(
                                  new ScheduledEvent(), Functions.invocation("reconciler"))));
      timeline.after(FUNCTION_TIMEOUT.multipliedBy(2), () -> timeline.stop(strand));
    }
  }
}
