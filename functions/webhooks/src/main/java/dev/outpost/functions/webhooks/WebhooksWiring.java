package dev.outpost.functions.webhooks;

import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.edge.Environment;
import dev.outpost.secrets.Secrets;
import dev.outpost.webhook.Deliver;
import dev.outpost.webhook.Endpoints;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The deployed function's configuration.
 *
 * @param stage part of the names of tables and secrets
 * @param clock tells the time
 */
record WebhooksWiring(String stage, InstantSource clock) {
  WebhooksWiring {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(clock, "clock");
  }

  static WebhooksWiring read(Map<String, String> variables) {
    return new Environment(variables)
        .read(v -> new WebhooksWiring(v.text("OUTPOST_STAGE"), InstantSource.system()));
  }

  /** Tells endpoints on the internet. */
  Deliver deliver() {
    Secrets secrets = new Secrets(SecretsManagerClient.create(), stage, clock);
    return deliver(
        DynamoDbClient.create(), new HttpEndpoints(secrets.signingSecrets(), Reach.THE_INTERNET));
  }

  /** Does the same where there is nothing, before a snapshot. */
  Deliver nowhere() {
    Rehearsal rehearsal = new Rehearsal(clock.instant());
    return deliver(rehearsal.dynamo(), rehearsal.endpoints());
  }

  private Deliver deliver(DynamoDbClient dynamo, Endpoints endpoints) {
    return new Deliver(
        new DynamoWebhooks(dynamo, stage), new DynamoDeliveries(dynamo, stage), endpoints, clock);
  }
}
