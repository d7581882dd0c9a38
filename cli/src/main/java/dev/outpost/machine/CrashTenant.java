package dev.outpost.machine;

import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.util.Objects;

/**
 * A tenant of a crash campaign.
 *
 * @param id its id
 * @param key its secret key
 * @param tier its tier
 */
record CrashTenant(TenantId id, String key, Tier tier) {
  CrashTenant {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(tier, "tier");
  }

  /** Leaves the key out. */
  @Override
  public String toString() {
    return id + " (" + tier.wire() + ")";
  }
}
