package dev.outpost.simulation.aws;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/** One message of {@link MemorySqs}. */
final class MemoryMessage {
  private final String id;
  private final String body;
  private final Optional<String> group;
  private final Instant sentAt;
  private Optional<Instant> firstReceivedAt = Optional.empty();
  Instant visibleAt;
  Instant deletedAt;
  int receives;
  String handle = "";
  Optional<MemoryQueue> source = Optional.empty();

  MemoryMessage(String id, String body, Optional<String> group, Instant sentAt) {
    this.id = id;
    this.body = body;
    this.group = group;
    this.sentAt = sentAt;
  }

  String id() {
    return id;
  }

  String body() {
    return body;
  }

  Optional<String> group() {
    return group;
  }

  /** As it is received. */
  Message received(Instant now) {
    firstReceivedAt = firstReceivedAt.or(() -> Optional.of(now));
    Map<MessageSystemAttributeName, String> attributes = new LinkedHashMap<>();
    attributes.put(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, String.valueOf(receives));
    attributes.put(
        MessageSystemAttributeName.SENT_TIMESTAMP, String.valueOf(sentAt.toEpochMilli()));
    attributes.put(
        MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP,
        String.valueOf(firstReceivedAt.get().toEpochMilli()));
    group.ifPresent(name -> attributes.put(MessageSystemAttributeName.MESSAGE_GROUP_ID, name));
    return Message.builder()
        .messageId(id)
        .receiptHandle(handle)
        .body(body)
        .attributes(attributes)
        .build();
  }
}
