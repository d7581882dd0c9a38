package dev.outpost.embedded;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message as the store keeps it.
 *
 * @param id its key; ids sort by the time of sending
 * @param body what was sent
 * @param group its group; empty for a message that is a group of its own
 * @param sentAt when it was sent
 * @param delayedUntil when it can be received at the soonest
 * @param receives how often it was received
 * @param firstReceivedAt when that was the first time
 */
record StoredMessage(
    String id,
    String body,
    Optional<String> group,
    Instant sentAt,
    Instant delayedUntil,
    int receives,
    Optional<Instant> firstReceivedAt) {

  StoredMessage received(Instant now) {
    return new StoredMessage(
        id,
        body,
        group,
        sentAt,
        delayedUntil,
        receives + 1,
        Optional.of(firstReceivedAt.orElse(now)));
  }

  QueueMessage asReceived() {
    return new QueueMessage(
        id, receiptHandle(), body, group, sentAt, firstReceivedAt.orElse(sentAt), receives);
  }

  /** The handle of the newest receipt: an older one names an older count. */
  String receiptHandle() {
    return id + "-" + receives;
  }

  String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("body", body);
    group.ifPresent(value -> fields.put("group", value));
    fields.put("sentAt", sentAt.toEpochMilli());
    fields.put("delayedUntil", delayedUntil.toEpochMilli());
    fields.put("receives", receives);
    firstReceivedAt.ifPresent(value -> fields.put("firstReceivedAt", value.toEpochMilli()));
    try {
      return JSON.std.asString(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StoredMessage of(StoreView.Entry entry) {
    Map<String, Object> fields;
    try {
      fields = JSON.std.mapFrom(entry.value());
    } catch (IOException e) {
      throw new UncheckedIOException("the message " + entry.key() + " cannot be read", e);
    }
    return new StoredMessage(
        entry.key(),
        (String) fields.get("body"),
        Optional.ofNullable((String) fields.get("group")),
        instant(fields.get("sentAt")),
        instant(fields.get("delayedUntil")),
        ((Number) fields.get("receives")).intValue(),
        Optional.ofNullable(fields.get("firstReceivedAt")).map(StoredMessage::instant));
  }

  private static Instant instant(Object epochMilli) {
    return Instant.ofEpochMilli(((Number) epochMilli).longValue());
  }
}
