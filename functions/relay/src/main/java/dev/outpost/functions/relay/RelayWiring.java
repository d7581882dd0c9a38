package dev.outpost.functions.relay;

import dev.outpost.dispatch.Status;
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
import dev.outpost.tenant.TenantId;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What the relay is made of.
 *
 * @param relay enacts what follows from changes
 * @param look reads what nobody has, which opens the way to the store
 * @param nowhere enacts the same where there is nothing, before a snapshot
 * @param end the event of an end that never was
 */
record RelayWiring(Relay relay, Runnable look, Relay nowhere, String end) {
  RelayWiring {
    Objects.requireNonNull(relay, "relay");
    Objects.requireNonNull(look, "look");
    Objects.requireNonNull(nowhere, "nowhere");
    Objects.requireNonNull(end, "end");
  }

  /** The deployed relay's configuration. */
  private record Config(String stage, String queueUrl, String busName, Set<Status> published) {}

  static RelayWiring fromEnvironment(Map<String, String> variables) {
    Config config =
        new Environment(variables)
            .read(
                v ->
                    new Config(
                        v.text("OUTPOST_STAGE"),
                        v.text("OUTPOST_LAUNCH_QUEUE_URL"),
                        v.text("OUTPOST_BUS_NAME"),
                        published(v.words("OUTPOST_BUS_STATUSES"))));
    DynamoDbClient dynamo = DynamoDbClient.create();
    SqsClient sqs = SqsClient.create();
    WakeWaiting wakeWaiting = wakeWaiting(config, dynamo, sqs);
    Rehearsal rehearsal = new Rehearsal(InstantSource.system().instant());
    return new RelayWiring(
        relay(config, dynamo, sqs, EventBridgeClient.create()),
        // The installation itself dispatches nothing, so none of its dispatches waits.
        () -> wakeWaiting.wake(TenantId.INSTALLATION),
        relay(config, rehearsal.dynamo(), rehearsal.sqs(), rehearsal.events()),
        rehearsal.end());
  }

  private static WakeWaiting wakeWaiting(Config config, DynamoDbClient dynamo, SqsClient sqs) {
    return new WakeWaiting(
        new DynamoDispatches(dynamo, config.stage()),
        new DynamoTenants(dynamo, config.stage()),
        new SqsLaunchQueue(sqs, config.queueUrl()),
        InstantSource.system());
  }

  private static Relay relay(
      Config config, DynamoDbClient dynamo, SqsClient sqs, EventBridgeClient events) {
    LaunchQueue queue = new SqsLaunchQueue(sqs, config.queueUrl());
    return new Relay(
        queue,
        wakeWaiting(config, dynamo, sqs),
        new EventBridgeLifecycle(events, config.busName()),
        new DynamoEndings(dynamo, config.stage()),
        config.published(),
        new FallBack(
            new DynamoDispatches(dynamo, config.stage()),
            new DynamoTenants(dynamo, config.stage()),
            CatalogueFile.packaged(),
            queue));
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
