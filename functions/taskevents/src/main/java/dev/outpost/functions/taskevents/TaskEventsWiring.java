package dev.outpost.functions.taskevents;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Environment;
import dev.outpost.edge.Json;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.WireItem;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The deployed function's configuration.
 *
 * @param stage part of the names of tables
 */
record TaskEventsWiring(String stage) {
  TaskEventsWiring {
    Objects.requireNonNull(stage, "stage");
  }

  static TaskEventsWiring read(Map<String, String> variables) {
    return new Environment(variables).read(v -> new TaskEventsWiring(v.text("OUTPOST_STAGE")));
  }

  /** The dispatches. */
  Dispatches dispatches() {
    return new DynamoDispatches(DynamoDbClient.create(), stage);
  }

  /** Dispatches that are not there, one of which runs: for the time before a snapshot. */
  Dispatches nowhere() {
    NobodysDispatch nobodys = new NobodysDispatch(InstantSource.system().instant());
    Nowhere nowhere =
        new Nowhere(
            List.of(
                new Nowhere.Answer(
                    "GetItem",
                    Json.text(
                        Map.of(
                            "Item",
                            WireItem.attributes(DispatchItem.toItem(nobodys.running())))))));
    return new DynamoDispatches(nowhere.client(DynamoDbClient.builder()), stage);
  }
}
