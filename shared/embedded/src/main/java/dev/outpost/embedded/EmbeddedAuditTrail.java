package dev.outpost.embedded;

import dev.outpost.audit.AuditId;
import dev.outpost.audit.AuditRecord;
import dev.outpost.audit.AuditTrail;
import dev.outpost.items.AuditItem;
import dev.outpost.tenant.TenantId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The audit on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedAuditTrail implements AuditTrail {
  private static final String AUDIT = "audit";

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedAuditTrail(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public void append(AuditRecord appended) {
    store.change(tx -> put(tx, appended));
  }

  /** Writes a record as part of a transaction; one that is there stays as it is. */
  static void put(StoreTransaction tx, AuditRecord line) {
    String key = prefix(line.tenantId()) + line.id();
    if (tx.get(AUDIT, key).isEmpty()) {
      tx.put(AUDIT, key, ItemJson.write(AuditItem.toItem(line)));
    }
  }

  @Override
  public List<AuditRecord> list(TenantId tenantId, Optional<AuditId> before, int limit) {
    String prefix = prefix(tenantId);
    String last = prefix + before.map(AuditId::value).orElse("");
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries =
              before.isPresent()
                  ? view.descending(AUDIT, prefix, last)
                  : view.descending(AUDIT, prefix)) {
            return entries
                .filter(entry -> !entry.key().equals(last))
                .limit(limit)
                .map(entry -> AuditItem.fromItem(ItemJson.read(entry.value())))
                .toList();
          }
        });
  }

  private static String prefix(TenantId tenantId) {
    return tenantId + "/";
  }
}
