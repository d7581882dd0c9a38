package dev.outpost.functions.launcher;

import dev.outpost.InstallationKey;
import dev.outpost.claim.RunTokens;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Environment;
import dev.outpost.launch.Advance;
import dev.outpost.secrets.Secrets;
import dev.outpost.sqs.SqsLaunchQueue;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed launcher's configuration.
 *
 * @param queueUrl the launch queue
 * @param ecs where and how tasks run
 * @param clock tells the time
 */
record LauncherWiring(String queueUrl, EcsConfig ecs, InstantSource clock) {
  LauncherWiring {
    Objects.requireNonNull(queueUrl, "queueUrl");
    Objects.requireNonNull(ecs, "ecs");
    Objects.requireNonNull(clock, "clock");
  }

  static LauncherWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(
            v ->
                new LauncherWiring(
                    v.text("OUTPOST_LAUNCH_QUEUE_URL"), EcsConfig.read(v), InstantSource.system()));
  }

  /** Looks at dispatches. */
  Advance advance() {
    return advance(
        DynamoDbClient.create(),
        SqsClient.create(),
        EcsClient.create(),
        new Secrets(SecretsManagerClient.create(), ecs.stage(), clock).runTokens());
  }

  /** Does the same where there is nothing, before a snapshot. */
  Advance nowhere() {
    Rehearsal rehearsal = new Rehearsal(clock.instant());
    return advance(
        rehearsal.dynamo(),
        rehearsal.sqs(),
        rehearsal.ecs(),
        new RunTokens(new InstallationKey(new byte[InstallationKey.MIN_BYTES])));
  }

  private Advance advance(
      DynamoDbClient dynamo, SqsClient sqs, EcsClient ecsClient, RunTokens tokens) {
    return new Advance(
        new DynamoDispatches(dynamo, ecs.stage()),
        new DynamoTenants(dynamo, ecs.stage()),
        new EcsRuns(ecsClient, ecs, clock),
        new SqsLaunchQueue(sqs, queueUrl),
        tokens,
        clock);
  }
}
