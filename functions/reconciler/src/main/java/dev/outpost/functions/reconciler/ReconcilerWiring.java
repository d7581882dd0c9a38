package dev.outpost.functions.reconciler;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Environment;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.sqs.SqsLaunchQueue;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed reconciler's configuration.
 *
 * @param queueUrl the launch queue
 * @param ecs where and how tasks run
 */
record ReconcilerWiring(String queueUrl, EcsConfig ecs) {

  static ReconcilerWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(v -> new ReconcilerWiring(v.text("OUTPOST_LAUNCH_QUEUE_URL"), EcsConfig.read(v)));
  }

  /** The use case, with clients of its own, at the time of that clock. */
  Reconcile at(InstantSource clock) {
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), queueUrl);
    Dispatches dispatches = new DynamoDispatches(dynamo, ecs.stage());
    return new Reconcile(
        dispatches,
        new EcsRuns(EcsClient.create(), ecs, clock),
        queue,
        new WakeWaiting(dispatches, new DynamoTenants(dynamo, ecs.stage()), queue, clock),
        clock);
  }
}
