package dev.outpost.functions.relay;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Environment;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.Tenants;
import java.time.InstantSource;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed relay's configuration.
 *
 * @param stage the installation's stage
 * @param queueUrl the launch queue
 * @param busName the installation's event bus
 */
record RelayWiring(String stage, String queueUrl, String busName) {

  static Relay fromEnvironment(Map<String, String> variables) {
    RelayWiring config =
        new Environment(variables)
            .read(
                v ->
                    new RelayWiring(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_BUS_NAME")));
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), config.queueUrl());
    Dispatches dispatches = new DynamoDispatches(dynamo, config.stage());
    Tenants tenants = new DynamoTenants(dynamo, config.stage());
    return new Relay(
        queue,
        new WakeWaiting(dispatches, tenants, queue, InstantSource.system()),
        new EventBridgeLifecycle(EventBridgeClient.create(), config.busName()),
        new DynamoEndings(dynamo, config.stage()),
        new FallBack(dispatches, tenants, CatalogueFile.packaged(), queue));
  }
}
