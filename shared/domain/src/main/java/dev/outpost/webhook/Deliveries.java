package dev.outpost.webhook;

import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The deliveries of webhooks, for {@link Delivery#KEPT}. Safe for use by many threads. */
public interface Deliveries {
  /**
   * Keeps a new one; changes nothing when there is one of that key.
   *
   * @return the one that is kept
   */
  Delivery add(Delivery delivery);

  /** That one as it is now. */
  Optional<Delivery> find(DeliveryKey key);

  /**
   * Puts one in the place of another of the same key.
   *
   * @return false when the one there has another attempt or kind of state than {@code before}, or
   *     is gone; nothing was changed then. When an answer was lost after the change was made it may
   *     be false as well.
   */
  boolean replace(Delivery before, Delivery after);

  /**
   * A webhook's deliveries, newest first.
   *
   * @param before only those below this id; empty for the newest
   * @param limit how many at most, from 1
   */
  List<Delivery> list(
      TenantId tenantId, WebhookId webhookId, Optional<DeliveryId> before, int limit);

  /**
   * Those waiting whose time has come, the longest due first; it may lag behind by a moment.
   *
   * @param limit how many at most, from 1
   */
  List<DeliveryKey> due(Instant now, int limit);
}
