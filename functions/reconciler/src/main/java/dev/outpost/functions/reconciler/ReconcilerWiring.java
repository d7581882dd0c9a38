package dev.outpost.functions.reconciler;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Environment;
import dev.outpost.edge.Json;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.webhook.Retry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed reconciler's configuration.
 *
 * @param queueUrl the launch queue
 * @param deliveries the queue of deliveries
 * @param ecs where and how tasks run
 */
record ReconcilerWiring(String queueUrl, String deliveries, EcsConfig ecs) {

  static ReconcilerWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(
            v ->
                new ReconcilerWiring(
                    v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                    v.text("OUTPOST_DELIVERY_QUEUE_URL"),
                    EcsConfig.read(v)));
  }

  /** The use case. */
  Reconcile reconcile() {
    return at(InstantSource.system(), SqsClient.create(), EcsClient.create());
  }

  /**
   * The use case at the first of all minutes, in which orphans are looked for, and long before the
   * first dispatch. It reads the tables; ECS and the queue are not there.
   */
  Reconcile beforeAll() {
    Nowhere nowhere =
        new Nowhere(
            List.of(new Nowhere.Answer("ListTasks", Json.text(Map.of("taskArns", List.of())))));
    return at(
        () -> Instant.EPOCH,
        nowhere.client(SqsClient.builder()),
        nowhere.client(EcsClient.builder()));
  }

  private Reconcile at(InstantSource clock, SqsClient sqs, EcsClient ecsClient) {
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(sqs, queueUrl);
    Dispatches dispatches = new DynamoDispatches(dynamo, ecs.stage());
    return new Reconcile(
        dispatches,
        new EcsRuns(ecsClient, ecs, clock),
        queue,
        new WakeWaiting(dispatches, new DynamoTenants(dynamo, ecs.stage()), queue, clock),
        new Retry(new DynamoDeliveries(dynamo, ecs.stage()), new SqsDeliveryQueue(sqs, deliveries)),
        clock);
  }
}
