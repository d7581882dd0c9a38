package dev.outpost.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.admin.DeadLetter;
import dev.outpost.cli.admin.DeadLetters;
import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The dead letters of a queue of SQS: what lies in the queue that its redrive policy names. Safe
 * for use by many threads.
 */
final class SqsDeadLetters implements DeadLetters {
  /** Long enough to read a batch after the other; then what was looked at is there again. */
  private static final Duration HIDDEN = Duration.ofSeconds(20);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int BATCH = 10;

  /** An empty answer may only mean that SQS asked a few of its servers; not twice in a row. */
  private static final int EMPTY_LOOKS = 2;

  private final SqsClient client;
  private final String queueName;

  /**
   * Of the queue of that name.
   *
   * @param client stays the caller's to close
   */
  SqsDeadLetters(SqsClient client, String queueName) {
    this.client = Objects.requireNonNull(client, "client");
    this.queueName = Objects.requireNonNull(queueName, "queueName");
  }

  private record Queues(String arn, String deadArn, String deadUrl) {}

  private Queues queues() {
    String url = client.getQueueUrl(q -> q.queueName(queueName)).queueUrl();
    Map<QueueAttributeName, String> attributes =
        client
            .getQueueAttributes(
                q ->
                    q.queueUrl(url)
                        .attributeNames(
                            QueueAttributeName.QUEUE_ARN, QueueAttributeName.REDRIVE_POLICY))
            .attributes();
    String policy = attributes.get(QueueAttributeName.REDRIVE_POLICY);
    if (policy == null) {
      throw Refusal.broken("NO_DEAD_LETTERS", "the queue " + queueName + " keeps no dead letters");
    }
    try {
      String deadArn = (String) JSON.std.mapFrom(policy).get("deadLetterTargetArn");
      String name = deadArn.substring(deadArn.lastIndexOf(':') + 1);
      return new Queues(
          attributes.get(QueueAttributeName.QUEUE_ARN),
          deadArn,
          client.getQueueUrl(q -> q.queueName(name)).queueUrl());
    } catch (IOException e) {
      throw new IllegalStateException("a redrive policy that is no JSON", e);
    }
  }

  @Override
  public int count() {
    String url = queues().deadUrl();
    return client
        .getQueueAttributes(
            q ->
                q.queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  @Override
  public List<DeadLetter> look(int most) {
    String url = queues().deadUrl();
    Map<String, Message> seen = new LinkedHashMap<>();
    int empty = 0;
    while (seen.size() < most && empty < EMPTY_LOOKS) {
      int before = seen.size();
      int wanted = Math.min(BATCH, most - before);
      client
          .receiveMessage(
              r ->
                  r.queueUrl(url)
                      .maxNumberOfMessages(wanted)
                      .visibilityTimeout(Math.toIntExact(HIDDEN.toSeconds()))
                      .messageSystemAttributeNames(
                          MessageSystemAttributeName.SENT_TIMESTAMP,
                          MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
          .messages()
          .forEach(message -> seen.put(message.messageId(), message));
      empty = seen.size() == before ? empty + 1 : 0;
    }
    List<DeadLetter> letters = new ArrayList<>();
    for (Message message : seen.values()) {
      client.changeMessageVisibility(
          c -> c.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(0));
      letters.add(
          new DeadLetter(
              message.messageId(),
              Instant.ofEpochMilli(number(message, MessageSystemAttributeName.SENT_TIMESTAMP)),
              Math.toIntExact(
                  number(message, MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
              message.body()));
    }
    return letters;
  }

  private static long number(Message message, MessageSystemAttributeName name) {
    return Long.parseLong(message.attributes().get(name));
  }

  @Override
  public int redrive() {
    Queues queues = queues();
    if (count() == 0) {
      return 0;
    }
    // The destination is named: what EventBridge could not deliver has come to the dead letters
    // directly, and SQS knows no source queue of it (SQS API Reference, StartMessageMoveTask).
    client.startMessageMoveTask(m -> m.sourceArn(queues.deadArn()).destinationArn(queues.arn()));
    long until = System.nanoTime() + PATIENCE.toNanos();
    ListMessageMoveTasksResultEntry task = newest(queues);
    while (task.status().equals("RUNNING") && System.nanoTime() < until) {
      sleep();
      task = newest(queues);
    }
    int moved = Math.toIntExact(task.approximateNumberOfMessagesMoved());
    if (!task.status().equals("COMPLETED")) {
      throw Refusal.broken(
          "REDRIVE",
          "the redrive of " + queueName + " is " + task.status() + ", " + moved + " were moved",
          String.valueOf(task.failureReason()));
    }
    return moved;
  }

  private ListMessageMoveTasksResultEntry newest(Queues queues) {
    return client
        .listMessageMoveTasks(l -> l.sourceArn(queues.deadArn()).maxResults(1))
        .results()
        .getFirst();
  }

  private static void sleep() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted; the redrive goes on without us", e);
    }
  }
}
