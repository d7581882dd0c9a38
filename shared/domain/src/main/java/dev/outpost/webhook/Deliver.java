package dev.outpost.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes one attempt to tell an endpoint, and keeps what came of it. Done twice, the endpoint may
 * hear it twice under one id. Safe for use by many threads.
 */
public final class Deliver {
  private final Webhooks webhooks;
  private final Deliveries deliveries;
  private final Endpoints endpoints;
  private final InstantSource clock;

  /** The use case on these ports. */
  public Deliver(
      Webhooks webhooks, Deliveries deliveries, Endpoints endpoints, InstantSource clock) {
    this.webhooks = Objects.requireNonNull(webhooks, "webhooks");
    this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
    this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Makes it, unless that attempt is over or another has begun.
   *
   * @return what came of it; empty when there was nothing to do
   */
  public Optional<Outcome> deliver(DeliveryKey key, int attempt) {
    Optional<Delivery> found = deliveries.find(key).filter(delivery -> delivery.isAt(attempt));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Delivery delivery = found.get();
    Optional<Webhook> webhook =
        webhooks.find(key.tenantId(), key.webhookId()).filter(Webhook::enabled);
    if (webhook.isEmpty()) {
      deliveries.replace(delivery, delivery.givenUp(clock.instant()));
      return Optional.empty();
    }
    Outcome outcome = endpoints.tell(webhook.get(), delivery, clock.instant());
    if (outcome instanceof Outcome.Answered answered && answered.gone()) {
      Instant now = clock.instant();
      var _ = webhooks.change(key.tenantId(), key.webhookId(), gone -> gone.disabled(now));
    }
    deliveries.replace(delivery, delivery.after(outcome, clock.instant()));
    return Optional.of(outcome);
  }
}
