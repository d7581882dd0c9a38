package dev.outpost.cdk;

import dev.outpost.launch.LaunchQueue;
import dev.outpost.webhook.DeliveryQueue;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * The queues. All are standard ones: a message group on a standard queue makes it fair between
 * tenants (Amazon SQS Developer Guide, "Amazon SQS fair queues").
 *
 * <p>A message stays hidden six times as long as its function may take, so that Lambda can repeat a
 * throttled batch before the message comes again (AWS Lambda Developer Guide, "Creating and
 * configuring an Amazon SQS event source mapping").
 */
final class Queues extends Construct {
  private static final int VISIBILITY_TIMES = 6;
  private static final Duration LONGEST = Duration.days(14);

  private final Queue launchDead;
  private final Queue launch;
  private final Queue taskEventsDead;
  private final Queue taskEvents;
  private final Queue webhooksDead;
  private final Queue webhooks;
  private final Queue relayDead;
  private final Queue reconcilerDead;

  Queues(Construct scope, Settings settings) {
    super(scope, "queues");
    launchDead = dead("launch-dead", settings);
    launch = queue("launch", Room.LAUNCHER, launchDead, LaunchQueue.MAX_RECEIVES, settings);
    taskEventsDead = dead("task-events-dead", settings);
    taskEvents =
        queue("task-events", Room.TASKEVENTS, taskEventsDead, LaunchQueue.MAX_RECEIVES, settings);
    webhooksDead = dead("webhooks-dead", settings);
    webhooks = queue("webhooks", Room.WEBHOOKS, webhooksDead, DeliveryQueue.MAX_RECEIVES, settings);
    relayDead = dead("relay-dead", settings);
    reconcilerDead = dead("reconciler-dead", settings);
  }

  private Queue queue(String id, Room reader, Queue dead, int receives, Settings settings) {
    return base(id, settings)
        .visibilityTimeout(Duration.seconds(VISIBILITY_TIMES * reader.timeoutSeconds()))
        .retentionPeriod(Duration.days(4))
        .deadLetterQueue(DeadLetterQueue.builder().queue(dead).maxReceiveCount(receives).build())
        .build();
  }

  private Queue dead(String id, Settings settings) {
    Queue made = base(id, settings).retentionPeriod(LONGEST).build();
    Findings.deadLetters(made);
    return made;
  }

  private Queue.Builder base(String id, Settings settings) {
    return Queue.Builder.create(this, id)
        .queueName(settings.name(id))
        .encryption(QueueEncryption.SQS_MANAGED)
        .enforceSsl(true);
  }

  /** Dispatches that the launcher is to look at. */
  Queue launch() {
    return launch;
  }

  /** News of tasks. */
  Queue taskEvents() {
    return taskEvents;
  }

  /** News of tasks that could not be taken, or not even delivered. */
  Queue taskEventsDead() {
    return taskEventsDead;
  }

  /** Attempts to make to tell webhooks. */
  Queue webhooks() {
    return webhooks;
  }

  /** Where in the stream changes lie that could not be relayed. */
  Queue relayDead() {
    return relayDead;
  }

  /** Rounds that failed. */
  Queue reconcilerDead() {
    return reconcilerDead;
  }

  /** All queues that should be empty. */
  List<Queue> dead() {
    return List.of(launchDead, taskEventsDead, webhooksDead, relayDead, reconcilerDead);
  }
}
