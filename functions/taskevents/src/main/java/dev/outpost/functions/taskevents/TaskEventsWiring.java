package dev.outpost.functions.taskevents;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.edge.Environment;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The deployed function's configuration.
 *
 * @param stage the installation's stage
 */
record TaskEventsWiring(String stage) {

  static Dispatches fromEnvironment(Map<String, String> variables) {
    TaskEventsWiring config =
        new Environment(variables).read(v -> new TaskEventsWiring(v.text("OUTPOST_STAGE")));
    return new DynamoDispatches(DynamoDbClient.create(), config.stage());
  }
}
