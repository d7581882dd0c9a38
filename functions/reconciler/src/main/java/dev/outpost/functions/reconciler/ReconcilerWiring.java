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

  static Reconcile fromEnvironment(Map<String, String> variables) {
    ReconcilerWiring config =
        new Environment(variables)
            .read(v -> new ReconcilerWiring(v.text("OUTPOST_LAUNCH_QUEUE_URL"), EcsConfig.read(v)));
    InstantSource clock = InstantSource.system();
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), config.queueUrl());
    Dispatches dispatches = new DynamoDispatches(dynamo, config.ecs().stage());
    return new Reconcile(
        dispatches,
        new EcsRuns(EcsClient.create(), config.ecs(), clock),
        queue,
        new WakeWaiting(dispatches, new DynamoTenants(dynamo, config.ecs().stage()), queue, clock),
        clock);
  }
}
