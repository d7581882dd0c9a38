package dev.outpost.embedded;

import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveriesContract;

class EmbeddedDeliveriesTest extends DeliveriesContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected Deliveries deliveries() {
    return new EmbeddedDeliveries(store);
  }
}
