package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.AttributeValue;
import com.amazonaws.services.lambda.runtime.events.models.dynamodb.StreamRecord;
import dev.outpost.simulation.aws.MemoryDynamoDb.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One shard of the dispatches table's stream and the mapping that reads it: in order, again and
 * again until it is done, or so old that it is given up.
 */
final class StreamShard {
  /** So old a change is given up by the mapping that reads the stream. */
  private static final Duration GIVEN_UP = Duration.ofHours(6);

  /** An outage that outlasts that; some outlast what the stream keeps, a day. */
  private static final Duration LONG = GIVEN_UP.plusMinutes(5);

  private static final Duration LONGEST = Duration.ofHours(8);
  private static final Duration MORE_THAN_A_DAY = Duration.ofHours(25);

  private static final int BATCH = 100;

  private final World world;
  private final Reader reader;
  private final Deque<Entry> records = new ArrayDeque<>();
  private boolean busy;
  private Instant downUntil = Instant.MIN;

  /** Until when no weather ends the outage. */
  private Instant surelyDownUntil = Instant.MIN;

  private List<Entry> batch = List.of();

  /** A batch that failed is halved. */
  private int most = BATCH;

  /**
   * A record that waits to be told.
   *
   * @param key the item's key
   * @param change what happened to it
   * @param at when
   */
  record Entry(String key, Change change, Instant at) {}

  /** Who tells a batch to the function. */
  interface Reader {
    Strand read(List<DynamodbStreamRecord> batch, StreamShard shard);
  }

  StreamShard(World world, Reader reader) {
    this.world = world;
    this.reader = reader;
  }

  void add(Entry entry) {
    records.add(entry);
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  /** Tells the next batch, if there is one and the last was answered. */
  void poll() {
    Instant now = world.timeline().instant();
    Weather weather = world.weather();
    if (busy || records.isEmpty()) {
      return;
    }
    if (isDown(now) || (now.isBefore(downUntil) && !weather.isClear())) {
      return;
    }
    if (world.chance().hit(0.01) && weather.brings(Fault.STREAM_RECORDS_LOST)) {
      boolean forMoreThanADay = world.chance().hit(0.2);
      if (forMoreThanADay) {
        weather.count(Fault.STREAM_DOWN_FOR_MORE_THAN_A_DAY);
      }
      surelyDownUntil =
          now.plus(forMoreThanADay ? MORE_THAN_A_DAY : world.chance().between(LONG, LONGEST));
      return;
    }
    if (world.chance().hit(0.02) && weather.has(Fault.STREAM_DOWN)) {
      downUntil = now.plus(world.chance().between(Duration.ofMinutes(1), Duration.ofHours(3)));
      return;
    }
    while (!records.isEmpty() && records.peek().at().plus(GIVEN_UP).isBefore(now)) {
      weather.count(Fault.STREAM_RECORDS_LOST);
      records.remove();
    }
    batch = records.stream().limit(Math.min(most, world.chance().between(1, BATCH))).toList();
    if (!batch.isEmpty()) {
      busy = true;
      most = Math.max(1, batch.size() / 2);
      Strand _ = reader.read(batch.stream().map(entry -> told(entry.change())).toList(), this);
    }
  }

  /** Whether it is down for so long that records are lost. */
  boolean isDown(Instant now) {
    return now.isBefore(surelyDownUntil);
  }

  /** Until when it is down for so long; long ago if it is not. */
  Instant surelyDownUntil() {
    return surelyDownUntil;
  }

  void free() {
    busy = false;
  }

  /** What was done is done; from the first failure on it comes again. */
  void answered(StreamsEventResponse response) {
    most = BATCH;
    if (world.weather().has(Fault.STREAM_REPEATED)) {
      return;
    }
    String first =
        response.getBatchItemFailures().isEmpty()
            ? ""
            : response.getBatchItemFailures().getFirst().getItemIdentifier();
    for (Entry entry : batch) {
      if (sequence(entry.change()).equals(first)) {
        return;
      }
      records.remove();
    }
  }

  private static String sequence(Change change) {
    return "seq-" + change.sequence();
  }

  /** The record as Lambda's mapping tells it. */
  static DynamodbStreamRecord told(Change change) {
    StreamRecord images = new StreamRecord();
    images.setSequenceNumber(sequence(change));
    images.setKeys(image(change.keys()));
    change.before().ifPresent(item -> images.setOldImage(image(item)));
    change.after().ifPresent(item -> images.setNewImage(image(item)));
    DynamodbStreamRecord told = new DynamodbStreamRecord();
    told.setEventID(sequence(change));
    told.setEventSource("aws:dynamodb");
    told.setEventName(name(change.before(), change.after()));
    told.setDynamodb(images);
    return told;
  }

  private static String name(Optional<?> before, Optional<?> after) {
    if (before.isEmpty()) {
      return "INSERT";
    }
    return after.isEmpty() ? "REMOVE" : "MODIFY";
  }

  private static Map<String, AttributeValue> image(
      Map<String, software.amazon.awssdk.services.dynamodb.model.AttributeValue> item) {
    Map<String, AttributeValue> image = new LinkedHashMap<>();
    item.forEach((name, value) -> image.put(name, attribute(value)));
    return image;
  }

  private static AttributeValue attribute(
      software.amazon.awssdk.services.dynamodb.model.AttributeValue value) {
    return switch (value.type()) {
      case S -> new AttributeValue().withS(value.s());
      case N -> new AttributeValue().withN(value.n());
      case BOOL -> new AttributeValue().withBOOL(value.bool());
      case M -> new AttributeValue().withM(image(value.m()));
      case L -> {
        List<AttributeValue> list = new ArrayList<>();
        value.l().forEach(element -> list.add(attribute(element)));
        yield new AttributeValue().withL(list);
      }
      case SS -> new AttributeValue().withSS(value.ss());
      case B, BS, NS, NUL, UNKNOWN_TO_SDK_VERSION ->
          throw new IllegalArgumentException("no item of ours holds a " + value.type());
    };
  }
}
