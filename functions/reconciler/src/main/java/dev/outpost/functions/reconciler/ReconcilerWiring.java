package dev.outpost.functions.reconciler;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Environment;
import dev.outpost.edge.Json;
import dev.outpost.edge.PublishedStatuses;
import dev.outpost.eventbridge.EventBridgeLifecycle;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Tell;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Announce;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Retry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed reconciler's configuration.
 *
 * @param queueUrl the launch queue
 * @param deliveries the queue of deliveries
 * @param busName the bus that is told of dispatches
 * @param published which statuses are told
 * @param ecs where and how tasks run
 */
record ReconcilerWiring(
    String queueUrl, String deliveries, String busName, Set<Status> published, EcsConfig ecs) {

  static ReconcilerWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(
            v ->
                new ReconcilerWiring(
                    v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                    v.text("OUTPOST_DELIVERY_QUEUE_URL"),
                    v.text("OUTPOST_BUS_NAME"),
                    PublishedStatuses.read(v),
                    EcsConfig.read(v)));
  }

  /** The use case. */
  Reconcile reconcile() {
    return at(
        InstantSource.system(), SqsClient.create(), EcsClient.create(), EventBridgeClient.create());
  }

  /**
   * The use case at the first of all minutes, in which orphans are looked for, and long before the
   * first dispatch. It reads the tables; ECS, the queues and the bus are not there.
   */
  Reconcile beforeAll() {
    Nowhere nowhere =
        new Nowhere(
            List.of(new Nowhere.Answer("ListTasks", Json.text(Map.of("taskArns", List.of())))));
    return at(
        () -> Instant.EPOCH,
        nowhere.client(SqsClient.builder()),
        nowhere.client(EcsClient.builder()),
        nowhere.client(EventBridgeClient.builder()));
  }

  private Reconcile at(
      InstantSource clock, SqsClient sqs, EcsClient ecsClient, EventBridgeClient events) {
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(sqs, queueUrl);
    DeliveryQueue attempts = new SqsDeliveryQueue(sqs, deliveries);
    Dispatches dispatches = new DynamoDispatches(dynamo, ecs.stage());
    Tenants tenants = new DynamoTenants(dynamo, ecs.stage());
    Deliveries kept = new DynamoDeliveries(dynamo, ecs.stage());
    return new Reconcile(
        dispatches,
        new EcsRuns(ecsClient, ecs, clock),
        queue,
        new WakeWaiting(dispatches, tenants, queue, clock),
        new Tell(
            dispatches,
            new Announce(new DynamoWebhooks(dynamo, ecs.stage()), kept, attempts, clock),
            new EventBridgeLifecycle(events, busName),
            new FallBack(dispatches, tenants, CatalogueFile.packaged(), queue),
            published,
            clock),
        new Retry(kept, attempts),
        clock);
  }
}
