package dev.outpost.embedded;

import dev.outpost.items.ApiKeyItem;
import dev.outpost.items.TenantItem;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Tenants on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedTenants implements Tenants {
  static final String KEYS = "api_keys";
  private static final String TENANTS = "tenants";

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedTenants(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public void create(Tenant tenant) {
    store.change(
        tx -> {
          if (tx.get(TENANTS, tenant.id().value()).isPresent()) {
            throw new IllegalStateException("there is a tenant " + tenant.id() + " already");
          }
          put(tx, new TenantItem(tenant, 1, List.of()));
        });
  }

  @Override
  public Optional<Tenant> find(TenantId id) {
    return store
        .get(TENANTS, id.value())
        .map(ItemJson::read)
        .map(TenantItem::fromItem)
        .map(TenantItem::tenant);
  }

  @Override
  public List<Tenant> list() {
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(TENANTS, "")) {
            return entries
                .map(entry -> TenantItem.fromItem(ItemJson.read(entry.value())).tenant())
                .sorted(
                    Comparator.comparing(Tenant::createdAt)
                        .thenComparing(tenant -> tenant.id().value()))
                .toList();
          }
        });
  }

  @Override
  public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    return store.transact(
        tx ->
            item(tx, id)
                .map(
                    item -> {
                      Tenant changed = change.apply(item.tenant());
                      put(tx, item.next(changed, item.keys()));
                      keys(tx, item).forEach(key -> put(tx, key.of(changed)));
                      return changed;
                    }));
  }

  @Override
  public boolean addKey(ApiKey key) {
    return store.transact(
        tx -> {
          Optional<TenantItem> item = item(tx, key.tenantId());
          if (item.isEmpty()) {
            return false;
          }
          List<KeyHash> hashes = new ArrayList<>(item.get().keys());
          if (hashes.contains(key.hash())) {
            return true;
          }
          if (hashes.size() >= MAX_KEYS) {
            return false;
          }
          hashes.add(key.hash());
          put(tx, item.get().next(item.get().tenant(), hashes));
          put(tx, key.of(item.get().tenant()));
          return true;
        });
  }

  @Override
  public List<ApiKey> keys(TenantId id) {
    return store.read(view -> item(view, id).map(item -> keys(view, item)).orElse(List.of()));
  }

  @Override
  public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    return store.transact(
        tx ->
            item(tx, id).stream()
                .flatMap(item -> keys(tx, item).stream())
                .filter(key -> key.keyId().equals(keyId))
                .findFirst()
                .map(
                    key -> {
                      ApiKey revoked = key.revoked(now);
                      put(tx, revoked);
                      return revoked;
                    }));
  }

  private static Optional<TenantItem> item(StoreView view, TenantId id) {
    return view.get(TENANTS, id.value()).map(ItemJson::read).map(TenantItem::fromItem);
  }

  private static List<ApiKey> keys(StoreView view, TenantItem item) {
    return item.keys().stream()
        .map(hash -> view.get(KEYS, hash.value()).orElseThrow())
        .map(json -> ApiKeyItem.fromItem(ItemJson.read(json)))
        .sorted(Comparator.comparing(ApiKey::createdAt).thenComparing(ApiKey::keyId))
        .toList();
  }

  private static void put(StoreTransaction tx, TenantItem item) {
    tx.put(TENANTS, item.tenant().id().value(), ItemJson.write(item.toItem()));
  }

  private static void put(StoreTransaction tx, ApiKey key) {
    tx.put(KEYS, key.hash().value(), ItemJson.write(ApiKeyItem.toItem(key)));
  }
}
