package dev.outpost.embedded;

import dev.outpost.items.DeliveryItem;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.WebhookId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Deliveries on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedDeliveries implements Deliveries {
  private static final String DELIVERIES = "deliveries";

  /** Those that wait, by the instant at which they are due. */
  private static final String DUE = "deliveries_due";

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedDeliveries(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public Delivery add(Delivery delivery) {
    return store.transact(
        tx ->
            find(tx, delivery.key())
                .orElseGet(
                    () -> {
                      put(tx, delivery);
                      return delivery;
                    }));
  }

  @Override
  public Optional<Delivery> find(DeliveryKey key) {
    return store.read(view -> find(view, key));
  }

  private static Optional<Delivery> find(StoreView view, DeliveryKey key) {
    return view.get(DELIVERIES, text(key)).map(ItemJson::read).map(DeliveryItem::fromItem);
  }

  @Override
  public boolean replace(Delivery before, Delivery after) {
    return store.transact(
        tx -> {
          Optional<Delivery> there = find(tx, before.key());
          if (there.isEmpty()
              || there.get().attempt() != before.attempt()
              || !there.get().state().getClass().equals(before.state().getClass())) {
            return false;
          }
          dueKey(there.get()).ifPresent(key -> tx.remove(DUE, key));
          put(tx, after);
          return true;
        });
  }

  private static void put(StoreTransaction tx, Delivery delivery) {
    dueKey(delivery).ifPresent(key -> tx.put(DUE, key, ""));
    tx.put(DELIVERIES, text(delivery.key()), ItemJson.write(DeliveryItem.toItem(delivery)));
  }

  @Override
  public List<Delivery> list(
      TenantId tenantId, WebhookId webhookId, Optional<DeliveryId> before, int limit) {
    String prefix = tenantId + "/" + webhookId + "/";
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries =
              before.isPresent()
                  ? view.descending(DELIVERIES, prefix, prefix + before.get())
                  : view.descending(DELIVERIES, prefix)) {
            return entries
                .filter(entry -> before.isEmpty() || !entry.key().equals(prefix + before.get()))
                .limit(limit)
                .map(entry -> DeliveryItem.fromItem(ItemJson.read(entry.value())))
                .toList();
          }
        });
  }

  @Override
  public List<DeliveryKey> due(Instant now, int limit) {
    String past = Sortable.instant(now) + "0";
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(DUE, "")) {
            return entries
                .takeWhile(entry -> entry.key().compareTo(past) < 0)
                .limit(limit)
                .map(entry -> key(entry.key()))
                .toList();
          }
        });
  }

  private static Optional<String> dueKey(Delivery delivery) {
    return delivery.state() instanceof Delivery.State.Waiting waiting
        ? Optional.of(Sortable.instant(waiting.due()) + "/" + text(delivery.key()))
        : Optional.empty();
  }

  /** The delivery that {@link #dueKey} named. */
  private static DeliveryKey key(String due) {
    String[] parts = due.split("/", -1);
    return new DeliveryKey(
        new TenantId(parts[1]), new WebhookId(parts[2]), new DeliveryId(parts[3]));
  }

  private static String text(DeliveryKey key) {
    return key.tenantId() + "/" + key.webhookId() + "/" + key.id();
  }
}
