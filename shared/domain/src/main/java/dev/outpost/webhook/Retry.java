package dev.outpost.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Begins the next attempt of deliveries whose time has come, or gives them up. It relies on no
 * message, so one that was lost costs its attempt and no more. Safe to run twice at once.
 */
public final class Retry {
  /** Most that one round begins; the rest is the next round's, the longest due first. */
  static final int LIMIT = 500;

  private final Deliveries deliveries;
  private final DeliveryQueue queue;

  /** The use case on these ports. */
  public Retry(Deliveries deliveries, DeliveryQueue queue) {
    this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
    this.queue = Objects.requireNonNull(queue, "queue");
  }

  /** Those to see to in one round. */
  public List<DeliveryKey> due(Instant now) {
    return deliveries.due(now, LIMIT);
  }

  /** Sees to one, if its time has really come. */
  public void retry(DeliveryKey key, Instant now) {
    Optional<Delivery> found = deliveries.find(key);
    if (found.isEmpty()
        || !(found.get().state() instanceof Delivery.State.Waiting waiting)
        || waiting.due().isAfter(now)) {
      return;
    }
    Delivery next = found.get().next(now);
    if (deliveries.replace(found.get(), next) && next.state() instanceof Delivery.State.Waiting) {
      queue.send(key, next.attempt());
    }
  }
}
