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
 * What the function is made of.
 *
 * @param dispatches the dispatches
 * @param nowhere dispatches that are not there, one of which runs: for the time before a snapshot
 */
record TaskEventsWiring(Dispatches dispatches, Dispatches nowhere) {
  TaskEventsWiring {
    Objects.requireNonNull(dispatches, "dispatches");
    Objects.requireNonNull(nowhere, "nowhere");
  }

  static TaskEventsWiring fromEnvironment(Map<String, String> variables) {
    String stage = new Environment(variables).read(v -> v.text("OUTPOST_STAGE"));
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
    return new TaskEventsWiring(
        new DynamoDispatches(DynamoDbClient.create(), stage),
        new DynamoDispatches(nowhere.client(DynamoDbClient.builder()), stage));
  }
}
