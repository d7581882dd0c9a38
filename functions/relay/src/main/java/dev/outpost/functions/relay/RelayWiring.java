package dev.outpost.functions.relay;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Environment;
import dev.outpost.edge.PublishedStatuses;
import dev.outpost.eventbridge.EventBridgeLifecycle;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Announce;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What the relay is made of.
 *
 * @param config the deployed relay's configuration
 * @param dynamo the tables
 * @param sqs the launch queue and that of deliveries
 */
record RelayWiring(RelayWiring.Config config, DynamoDbClient dynamo, SqsClient sqs) {
  RelayWiring {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(dynamo, "dynamo");
    Objects.requireNonNull(sqs, "sqs");
  }

  /** The deployed relay's configuration. */
  record Config(
      String stage, String queueUrl, String deliveries, String busName, Set<Status> published) {}

  static RelayWiring fromEnvironment(Map<String, String> variables) {
    Config config =
        new Environment(variables)
            .read(
                v ->
                    new Config(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_DELIVERY_QUEUE_URL"),
                        v.text("OUTPOST_BUS_NAME"),
                        PublishedStatuses.read(v)));
    return new RelayWiring(config, DynamoDbClient.create(), SqsClient.create());
  }

  /** Enacts what follows from changes. */
  Relay relay() {
    return relay(config, dynamo, sqs, EventBridgeClient.create());
  }

  /** Enacts the same where there is nothing, before a snapshot. */
  Relay nowhere(Rehearsal rehearsal) {
    return relay(config, rehearsal.dynamo(), rehearsal.sqs(), rehearsal.events());
  }

  /**
   * Reads what nobody has, which opens the way to the store: the installation itself dispatches
   * nothing, so none of its dispatches waits.
   */
  void look() {
    wakeWaiting(config, dynamo, sqs).wake(TenantId.INSTALLATION);
  }

  private static WakeWaiting wakeWaiting(Config config, DynamoDbClient dynamo, SqsClient sqs) {
    return new WakeWaiting(
        new DynamoDispatches(dynamo, config.stage()),
        new DynamoTenants(dynamo, config.stage()),
        new SqsLaunchQueue(sqs, config.queueUrl()),
        InstantSource.system());
  }

  private static Relay relay(
      Config config, DynamoDbClient dynamo, SqsClient sqs, EventBridgeClient events) {
    LaunchQueue queue = new SqsLaunchQueue(sqs, config.queueUrl());
    Dispatches dispatches = new DynamoDispatches(dynamo, config.stage());
    InstantSource clock = InstantSource.system();
    return new Relay(
        queue,
        wakeWaiting(config, dynamo, sqs),
        new Tell(
            dispatches,
            new Announce(
                new DynamoWebhooks(dynamo, config.stage()),
                new DynamoDeliveries(dynamo, config.stage()),
                new SqsDeliveryQueue(sqs, config.deliveries()),
                clock),
            new EventBridgeLifecycle(events, config.busName()),
            new FallBack(
                dispatches,
                new DynamoTenants(dynamo, config.stage()),
                CatalogueFile.packaged(),
                queue),
            config.published(),
            clock),
        new DynamoEndings(dynamo, config.stage()));
  }
}
