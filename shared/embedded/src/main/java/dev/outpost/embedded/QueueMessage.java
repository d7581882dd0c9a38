package dev.outpost.embedded;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A message as it was received.
 *
 * @param id the same at every receipt
 * @param receiptHandle this receipt's own handle
 * @param body what was sent
 * @param groupId the group, if it was sent with one
 * @param sentAt when it was sent
 * @param firstReceivedAt when it was received for the first time
 * @param receiveCount how often it was received, this time included
 */
public record QueueMessage(
    String id,
    String receiptHandle,
    String body,
    Optional<String> groupId,
    Instant sentAt,
    Instant firstReceivedAt,
    int receiveCount) {
  /** Refuses nulls. */
  public QueueMessage {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(receiptHandle, "receiptHandle");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(groupId, "groupId");
    Objects.requireNonNull(sentAt, "sentAt");
    Objects.requireNonNull(firstReceivedAt, "firstReceivedAt");
  }

  /** The system attributes by SQS's names (SQS API Reference, ReceiveMessage). */
  public Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("ApproximateReceiveCount", String.valueOf(receiveCount));
    attributes.put("SentTimestamp", String.valueOf(sentAt.toEpochMilli()));
    attributes.put(
        "ApproximateFirstReceiveTimestamp", String.valueOf(firstReceivedAt.toEpochMilli()));
    groupId.ifPresent(group -> attributes.put("MessageGroupId", group));
    return attributes;
  }
}
