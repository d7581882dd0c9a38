package dev.outpost.items;

import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * An API key as it is stored: {@code key_hash, key_id, prefix, tenant_id, label, scopes,
 * created_at, expires_at, revoked_at, last_used, tier, suspended}.
 */
public final class ApiKeyItem {
  /** Text: the tenant's tier. */
  public static final String TIER = "tier";

  /** Whether the tenant is suspended. */
  public static final String SUSPENDED = "suspended";

  /** Text: when the key was revoked; absent while it is not. */
  public static final String REVOKED_AT = "revoked_at";

  /** Text: the UTC day of the key's last use; absent before its first. */
  public static final String LAST_USED = "last_used";

  private ApiKeyItem() {}

  /** The item of a key. */
  public static Map<String, Object> toItem(ApiKey key) {
    return new ItemWriter()
        .text(Tables.KEY_HASH, key.hash().value())
        .text("key_id", key.keyId())
        .text("prefix", key.prefix())
        .text(Tables.TENANT_ID, key.tenantId().value())
        .text("label", key.label())
        .list("scopes", key.scopes().stream().map(Scope::wire).sorted().toList())
        .instant("created_at", key.createdAt())
        .text("expires_at", key.expiresAt().map(Instant::toString))
        .text(REVOKED_AT, key.revokedAt().map(Instant::toString))
        .text(LAST_USED, key.lastUsed().map(LocalDate::toString))
        .text(TIER, key.tier().wire())
        .flag(SUSPENDED, key.suspended())
        .item();
  }

  /**
   * The key of an item.
   *
   * @throws IllegalArgumentException when the item is none of a key
   */
  public static ApiKey fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : reader.texts("scopes")) {
      scopes.add(
          Scope.of(word)
              .orElseThrow(() -> new IllegalArgumentException("no scope is called " + word)));
    }
    return new ApiKey(
        reader.text("key_id"),
        new KeyHash(reader.text(Tables.KEY_HASH)),
        reader.text("prefix"),
        new TenantId(reader.text(Tables.TENANT_ID)),
        reader.text("label"),
        scopes,
        reader.instant("created_at"),
        reader.maybeInstant("expires_at"),
        reader.maybeInstant(REVOKED_AT),
        reader.maybeText(LAST_USED).map(LocalDate::parse),
        reader.word(TIER, Tier::of),
        reader.flag(SUSPENDED));
  }
}
