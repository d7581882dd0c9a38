package dev.outpost.functions.launcher;

import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Environment;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.secrets.Secrets;
import dev.outpost.sqs.SqsLaunchQueue;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed launcher's configuration.
 *
 * @param queueUrl the launch queue
 * @param ecs where and how tasks run
 */
record LauncherWiring(String queueUrl, EcsConfig ecs) {

  static Advance fromEnvironment(Map<String, String> variables) {
    LauncherWiring config =
        new Environment(variables)
            .read(v -> new LauncherWiring(v.text("OUTPOST_LAUNCH_QUEUE_URL"), EcsConfig.read(v)));
    String stage = config.ecs().stage();
    InstantSource clock = InstantSource.system();
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), config.queueUrl());
    Runs runs = new EcsRuns(EcsClient.create(), config.ecs(), clock);
    return new Advance(
        new DynamoDispatches(dynamo, stage),
        new DynamoTenants(dynamo, stage),
        runs,
        queue,
        new Secrets(SecretsManagerClient.create(), stage, clock).runTokens(),
        clock);
  }
}
