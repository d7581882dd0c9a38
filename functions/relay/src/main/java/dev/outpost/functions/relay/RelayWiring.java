package dev.outpost.functions.relay;

import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.edge.Environment;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.relay.Relay;
import dev.outpost.sqs.SqsLaunchQueue;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The deployed relay's configuration.
 *
 * @param stage the installation's stage
 * @param queueUrl the launch queue
 * @param busName the installation's event bus
 * @param published which statuses the bus is told of, each event of which is billed
 */
record RelayWiring(String stage, String queueUrl, String busName, Set<Status> published) {

  static Relay fromEnvironment(Map<String, String> variables) {
    RelayWiring config =
        new Environment(variables)
            .read(
                v ->
                    new RelayWiring(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_BUS_NAME"),
                        published(v.words("OUTPOST_BUS_STATUSES"))));
    DynamoDbClient dynamo = DynamoDbClient.create();
    LaunchQueue queue = new SqsLaunchQueue(SqsClient.create(), config.queueUrl());
    return new Relay(
        queue,
        new WakeWaiting(
            new DynamoDispatches(dynamo, config.stage()),
            new DynamoTenants(dynamo, config.stage()),
            queue,
            InstantSource.system()),
        new EventBridgeLifecycle(EventBridgeClient.create(), config.busName()),
        new DynamoEndings(dynamo, config.stage()),
        config.published());
  }

  /** Those statuses; the usual ones when none is named. */
  static Set<Status> published(List<String> words) {
    if (words.isEmpty()) {
      return Relay.USUALLY_PUBLISHED;
    }
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String word : words) {
      statuses.add(
          Status.of(word)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "OUTPOST_BUS_STATUSES names " + word + ", which is no status")));
    }
    return statuses;
  }
}
