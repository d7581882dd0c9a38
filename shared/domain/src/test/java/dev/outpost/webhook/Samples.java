package dev.outpost.webhook;

import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.relay.Relay;
import dev.outpost.run.Cause;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Webhooks and what they are told of, for tests. */
public final class Samples {
  /** When the samples' time begins. */
  public static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

  private static final Ulids ULIDS = new Ulids(InstantSource.fixed(T0));

  private Samples() {}

  /** An id of no other sample, greater than those before it. */
  public static WebhookId webhookId() {
    return WebhookId.next(ULIDS);
  }

  /** A new webhook that is told of what is usually published. */
  public static Webhook webhook(TenantId tenantId, Instant at) {
    WebhookId id = webhookId();
    URI url = URI.create("https://example.com/hooks/" + id);
    return Webhook.of(id, tenantId, url, Relay.USUALLY_PUBLISHED, at);
  }

  /** That a new dispatch took that status. */
  public static LifecycleEvent event(TenantId tenantId, Status status, Instant at) {
    return new LifecycleEvent(
        DispatchId.next(ULIDS),
        tenantId,
        "script",
        status,
        4,
        at,
        status == Status.FAILED ? Optional.of(Cause.AGENT_ERROR) : Optional.empty());
  }

  /** A delivery of such an event to a webhook of that id, the moment it happens. */
  public static Delivery delivery(TenantId tenantId, WebhookId webhookId, Instant at) {
    return Delivery.of(webhookId, event(tenantId, Status.FAILED, at), at);
  }
}
