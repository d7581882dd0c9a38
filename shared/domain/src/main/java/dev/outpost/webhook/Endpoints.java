package dev.outpost.webhook;

import java.time.Instant;

/** The endpoints out there. Safe for use by many threads. */
@FunctionalInterface
public interface Endpoints {
  /**
   * Tells a webhook's endpoint by one signed request. Takes its bounded time; whatever the endpoint
   * and the network do, it is an outcome and no exception.
   *
   * @param now the request's time, and that of the secrets which sign it
   */
  Outcome tell(Webhook webhook, Delivery delivery, Instant now);
}
