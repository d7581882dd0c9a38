package dev.outpost.dispatch;

import dev.outpost.tenant.TenantId;
import java.util.Objects;

/**
 * A dispatch that the reconciler must look at, as the index knows it: it may have changed since.
 *
 * @param id the dispatch
 * @param tenantId whose it is
 * @param status its status when the index was written
 */
public record Due(DispatchId id, TenantId tenantId, Status status) {
  /** Refuses nulls. */
  public Due {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(status, "status");
  }
}
