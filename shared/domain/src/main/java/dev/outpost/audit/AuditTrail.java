package dev.outpost.audit;

import dev.outpost.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * The records of all tenants. There is no way to change or to remove one; in AWS they expire after
 * {@link AuditRecord#KEPT}. Safe for use by many threads.
 */
public interface AuditTrail {
  /** Stores a record; to store the same once more changes nothing. */
  void append(AuditRecord appended);

  /**
   * A tenant's records, newest first, read with strong consistency.
   *
   * @param before only what is older than that one
   * @param limit how many at most
   */
  List<AuditRecord> list(TenantId tenantId, Optional<AuditId> before, int limit);
}
