package dev.outpost.embedded;

import dev.outpost.items.WebhooksItem;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.Webhooks;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Webhooks on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedWebhooks implements Webhooks {
  private static final String WEBHOOKS = "webhooks";

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedWebhooks(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public List<Webhook> of(TenantId tenantId) {
    return store.read(view -> item(view, tenantId)).webhooks();
  }

  @Override
  public List<Webhook> change(TenantId tenantId, UnaryOperator<List<Webhook>> change) {
    return store.transact(
        tx -> {
          WebhooksItem before = item(tx, tenantId);
          WebhooksItem after = before.next(change.apply(before.webhooks()));
          if (!after.webhooks().equals(before.webhooks())) {
            tx.put(WEBHOOKS, tenantId.value(), ItemJson.write(after.toItem()));
          }
          return after.webhooks();
        });
  }

  private static WebhooksItem item(StoreView view, TenantId tenantId) {
    return view.get(WEBHOOKS, tenantId.value())
        .map(ItemJson::read)
        .map(WebhooksItem::fromItem)
        .orElseGet(() -> WebhooksItem.none(tenantId));
  }
}
