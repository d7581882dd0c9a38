package dev.outpost.functions.runner;

import dev.outpost.agent.Catalogue;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.dynamodb.rehearsal.Nowhere;
import dev.outpost.edge.Json;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.SecretBoxItem;
import dev.outpost.items.WireItem;
import dev.outpost.tenant.SecretBox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * An AWS that is not there, with a dispatch of nobody's.
 *
 * @param catalogue the agents
 * @param now when all of it happened
 */
record Nobody(Catalogue catalogue, Instant now) {
  Nobody {
    Objects.requireNonNull(catalogue, "catalogue");
    Objects.requireNonNull(now, "now");
  }

  /** A store in which it was launched. */
  DynamoDbClient launched() {
    return store(new NobodysDispatch(now).launched());
  }

  /** A store in which it runs. */
  DynamoDbClient running() {
    return store(new NobodysDispatch(now).running());
  }

  private static DynamoDbClient store(Dispatch dispatch) {
    return new Nowhere(
            List.of(
                new Nowhere.Answer(
                    "GetItem",
                    '"' + dispatch.id().value() + '"',
                    Json.text(Map.of("Item", WireItem.attributes(DispatchItem.toItem(dispatch)))))))
        .client(DynamoDbClient.builder());
  }

  /** Secrets of its agent, and an empty box of its tenant's. */
  SecretsManagerClient secrets() {
    Map<String, String> credentials =
        catalogue.agents().stream()
            .flatMap(agent -> agent.secretNames().stream())
            .distinct()
            .collect(Collectors.toMap(name -> name, _ -> "rehearsal"));
    return new Nowhere(
            List.of(
                secret("/agents/", Json.text(credentials)),
                secret("/tenants/", Json.text(SecretBoxItem.toItem(SecretBox.EMPTY))),
                secret("/git", "rehearsal")))
        .client(SecretsManagerClient.builder());
  }

  private static Nowhere.Answer secret(String with, String text) {
    return new Nowhere.Answer(
        "GetSecretValue", with, Json.text(Map.of("SecretString", text, "VersionId", "1")));
  }
}
