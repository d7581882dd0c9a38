package dev.outpost.items;

import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A tenant as it is stored: {@code tenant_id, sk = TENANT, kind, name, email, tier, suspended,
 * created_at, version, key_hashes}.
 *
 * @param tenant the tenant
 * @param version counts the writes of the item, from 1
 * @param keys the hashes of all keys it owns, revoked ones included. They stand here because a
 *     change of tier must reach every key in one transaction, and only the item itself, no index,
 *     is read with strong consistency.
 */
public record TenantItem(Tenant tenant, long version, List<KeyHash> keys) {
  /** The {@link Tables#SORT_KEY} of a tenant itself. */
  public static final String SORT_KEY = "TENANT";

  /** The {@link Tables#KIND} of a tenant itself. */
  public static final String KIND_TENANT = "TENANT";

  /** Copies the list. */
  public TenantItem {
    Objects.requireNonNull(tenant, "tenant");
    keys = List.copyOf(keys);
  }

  /** The next version of it, with these keys. */
  public TenantItem next(Tenant changed, List<KeyHash> keysNow) {
    return new TenantItem(changed, version + 1, keysNow);
  }

  /** The item. */
  public Map<String, Object> toItem() {
    return new ItemWriter()
        .text(Tables.TENANT_ID, tenant.id().value())
        .text(Tables.SORT_KEY, SORT_KEY)
        .text(Tables.KIND, KIND_TENANT)
        .text("name", tenant.name())
        .text("email", tenant.email())
        .text("tier", tenant.tier().wire())
        .flag("suspended", tenant.suspended())
        .instant("created_at", tenant.createdAt())
        .number("version", version)
        .list("key_hashes", keys.stream().map(KeyHash::value).toList())
        .item();
  }

  /**
   * The tenant of an item.
   *
   * @throws IllegalArgumentException when the item is none of a tenant
   */
  public static TenantItem fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    Tenant tenant =
        new Tenant(
            new TenantId(reader.text(Tables.TENANT_ID)),
            reader.text("name"),
            reader.text("email"),
            reader.word("tier", Tier::of),
            reader.flag("suspended"),
            reader.instant("created_at"));
    return new TenantItem(
        tenant,
        reader.number("version"),
        reader.texts("key_hashes").stream().map(KeyHash::new).toList());
  }
}
