package dev.outpost.webhook;

import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Has every webhook that wants it told of changes. Done twice, each is told under one id. Safe for
 * use by many threads.
 */
public final class Announce {
  private final Webhooks webhooks;
  private final Deliveries deliveries;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Announce(
      Webhooks webhooks, Deliveries deliveries, DeliveryQueue queue, InstantSource clock) {
    this.webhooks = Objects.requireNonNull(webhooks, "webhooks");
    this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Does so. An exception means that all of them must come again. */
  public void announce(List<LifecycleEvent> events) {
    Map<TenantId, List<Webhook>> known = new HashMap<>();
    for (LifecycleEvent event : events) {
      for (Webhook webhook : known.computeIfAbsent(event.tenantId(), webhooks::of)) {
        if (webhook.wants(event)) {
          Delivery kept = deliveries.add(Delivery.of(webhook.id(), event, clock.instant()));
          if (kept.isAt(1)) {
            queue.send(kept.key(), 1);
          }
        }
      }
    }
  }
}
