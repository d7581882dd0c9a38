package dev.outpost.functions.webhooks;

import dev.outpost.InstallationKey;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Cause;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The end of the sample events' dispatch, of which a webhook is told. */
final class Told {
  static final Instant NOW = Instant.parse("2026-11-22T10:01:36.5Z");
  static final TenantId TENANT = new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b");
  static final WebhookId WEBHOOK = new WebhookId("whk_01KAMTZ0M8Q2Z5Y7X3C9D4E6FG");
  static final SigningSecrets SECRETS = new SigningSecrets(new InstallationKey(new byte[32]));

  private Told() {}

  static LifecycleEvent event() {
    return new LifecycleEvent(
        new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
        TENANT,
        "script",
        Status.FAILED,
        4,
        Instant.parse("2026-11-22T10:01:35Z"),
        Optional.of(Cause.SPOT_INTERRUPTION));
  }

  static Delivery delivery() {
    return Delivery.of(WEBHOOK, event(), NOW);
  }

  static Webhook webhook(URI url) {
    return Webhook.of(WEBHOOK, TENANT, url, Set.of(Status.FAILED), Instant.EPOCH);
  }
}
