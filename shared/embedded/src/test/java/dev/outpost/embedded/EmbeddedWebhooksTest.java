package dev.outpost.embedded;

import dev.outpost.webhook.Webhooks;
import dev.outpost.webhook.WebhooksContract;

class EmbeddedWebhooksTest extends WebhooksContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected Webhooks webhooks() {
    return new EmbeddedWebhooks(store);
  }
}
