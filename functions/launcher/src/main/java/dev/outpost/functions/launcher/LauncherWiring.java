package dev.outpost.functions.launcher;

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
 * What the launcher is made of.
 *
 * @param advance looks at dispatches
 * @param nowhere does the same where there is nothing, before a snapshot
 */
record LauncherWiring(Advance advance, Advance nowhere) {
  LauncherWiring {
    Objects.requireNonNull(advance, "advance");
    Objects.requireNonNull(nowhere, "nowhere");
  }

  /** The deployed launcher's configuration. */
  private record Config(String queueUrl, EcsConfig ecs) {}

  static LauncherWiring fromEnvironment(Map<String, String> variables) {
    Config config =
        new Environment(variables)
            .read(v -> new Config(v.text("OUTPOST_LAUNCH_QUEUE_URL"), EcsConfig.read(v)));
    InstantSource clock = InstantSource.system();
    RunTokens tokens =
        new Secrets(SecretsManagerClient.create(), config.ecs().stage(), clock).runTokens();
    Rehearsal rehearsal = new Rehearsal(clock.instant());
    return new LauncherWiring(
        advance(
            config, DynamoDbClient.create(), SqsClient.create(), EcsClient.create(), tokens, clock),
        advance(config, rehearsal.dynamo(), rehearsal.sqs(), rehearsal.ecs(), tokens, clock));
  }

  private static Advance advance(
      Config config,
      DynamoDbClient dynamo,
      SqsClient sqs,
      EcsClient ecs,
      RunTokens tokens,
      InstantSource clock) {
    String stage = config.ecs().stage();
    return new Advance(
        new DynamoDispatches(dynamo, stage),
        new DynamoTenants(dynamo, stage),
        new EcsRuns(ecs, config.ecs(), clock),
        new SqsLaunchQueue(sqs, config.queueUrl()),
        tokens,
        clock);
  }
}
