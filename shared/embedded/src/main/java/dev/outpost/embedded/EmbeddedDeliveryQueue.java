package dev.outpost.embedded;

import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The delivery queue on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedDeliveryQueue implements DeliveryQueue {
  private final EmbeddedQueue queue;

  /** On that queue. */
  public EmbeddedDeliveryQueue(EmbeddedQueue queue) {
    this.queue = Objects.requireNonNull(queue, "queue");
  }

  @Override
  public void send(DeliveryKey key, int attempt) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("tenantId", key.tenantId().value());
    message.put("webhookId", key.webhookId().value());
    message.put("deliveryId", key.id().value());
    message.put("attempt", attempt);
    queue.send(ItemJson.write(message), Optional.of(key.tenantId().value()), Duration.ZERO);
  }
}
