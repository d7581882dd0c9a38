package dev.outpost.embedded;

import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.DeliveryQueueContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

class EmbeddedDeliveryQueueTest extends DeliveryQueueContract {
  private final EmbeddedQueue queue =
      new EmbeddedQueue(
          EmbeddedStore.inMemory(), "webhooks", DeliveryQueue.MAX_RECEIVES, InstantSource.system());

  @Override
  protected DeliveryQueue queue() {
    return new EmbeddedDeliveryQueue(queue);
  }

  @Override
  protected List<Received> receive(Duration within) {
    List<Received> received = new ArrayList<>();
    try {
      for (QueueMessage message : queue.receive(10, Duration.ofMinutes(1), within)) {
        received.add(new Received(message.body(), new TenantId(message.groupId().orElseThrow())));
        queue.delete(message.receiptHandle());
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return received;
  }
}
