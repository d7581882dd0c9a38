package dev.outpost.items;

import dev.outpost.tenant.TenantId;
import java.util.Map;

/** The mark of a tenant that has brought secrets: {@code tenant_id, sk = SECRETS}. */
public final class SecretMarkItem {
  /** The {@link Tables#SORT_KEY} of a tenant's mark. */
  public static final String SORT_KEY = "SECRETS";

  private SecretMarkItem() {}

  /** The item, which is its key and no more. */
  public static Map<String, Object> toItem(TenantId id) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, id.value())
        .text(Tables.SORT_KEY, SORT_KEY)
        .item();
  }
}
