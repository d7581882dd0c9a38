package dev.outpost.embedded;

import dev.outpost.items.ApiKeyItem;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.KeyHash;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/** API keys on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedApiKeys implements ApiKeys {
  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedApiKeys(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public Optional<ApiKey> find(KeyHash hash) {
    return store
        .get(EmbeddedTenants.KEYS, hash.value())
        .map(ItemJson::read)
        .map(ApiKeyItem::fromItem);
  }

  @Override
  public void used(KeyHash hash, LocalDate day) {
    store.change(
        tx ->
            tx.get(EmbeddedTenants.KEYS, hash.value())
                .map(json -> ApiKeyItem.fromItem(ItemJson.read(json)))
                // Noted late, a use must not turn the day back.
                .filter(key -> key.lastUsed().map(last -> last.isBefore(day)).orElse(true))
                .map(key -> key.used(day))
                .ifPresent(
                    key ->
                        tx.put(
                            EmbeddedTenants.KEYS,
                            hash.value(),
                            ItemJson.write(ApiKeyItem.toItem(key)))));
  }
}
