package dev.outpost.functions.relay;

import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.edge.Environment;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.Relay;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.TenantId;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What the relay is made of.
 *
 * @param relay enacts what follows from changes
 * @param look reads what nobody has, which opens the way to the store
 */
record RelayWiring(Relay relay, Runnable look) {
  RelayWiring {
    Objects.requireNonNull(relay, "relay");
    Objects.requireNonNull(look, "look");
  }

  /** The deployed relay's configuration. */
  private record Config(String stage, String queueUrl, String busName) {}

  static RelayWiring fromEnvironment(Map<String, String> variables) {
    Config config =
        new Environment(variables)
            .read(
                v ->
                    new Config(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_BUS_NAME")));
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), config.queueUrl());
    WakeWaiting wakeWaiting =
        new WakeWaiting(
            new DynamoDispatches(dynamo, config.stage()),
            new DynamoTenants(dynamo, config.stage()),
            queue,
            InstantSource.system());
    return new RelayWiring(
        new Relay(
            queue,
            wakeWaiting,
            new EventBridgeLifecycle(EventBridgeClient.create(), config.busName()),
            new DynamoEndings(dynamo, config.stage())),
        // The installation itself dispatches nothing, so none of its dispatches waits.
        () -> wakeWaiting.wake(TenantId.INSTALLATION));
  }
}
