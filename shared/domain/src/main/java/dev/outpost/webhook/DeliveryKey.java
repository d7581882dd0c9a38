package dev.outpost.webhook;

import dev.outpost.tenant.TenantId;
import java.util.Objects;

/**
 * Where a delivery is found.
 *
 * @param tenantId whose it is
 * @param webhookId to which webhook
 * @param id its id
 */
public record DeliveryKey(TenantId tenantId, WebhookId webhookId, DeliveryId id) {
  /** Refuses nulls. */
  public DeliveryKey {
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(id, "id");
  }
}
