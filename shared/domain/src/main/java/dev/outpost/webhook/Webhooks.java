package dev.outpost.webhook;

import dev.outpost.tenant.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The tenants' webhooks. Safe for use by many threads and processes. */
public interface Webhooks {
  /** Most webhooks of one tenant. */
  int MAX = 10;

  /** The tenant's webhooks as they are now, oldest first. */
  List<Webhook> of(TenantId tenantId);

  /** The tenant's webhook of that id. */
  default Optional<Webhook> find(TenantId tenantId, WebhookId id) {
    return of(tenantId).stream().filter(webhook -> webhook.id().equals(id)).findFirst();
  }

  /**
   * Changes them.
   *
   * @param change gives the webhooks to have from those there are; is asked again when somebody
   *     else was quicker, or when an answer was lost after the change was made: then done twice it
   *     must be done once. What it throws is thrown, and nothing is changed.
   * @return the webhooks there are now
   */
  List<Webhook> change(TenantId tenantId, UnaryOperator<List<Webhook>> change);

  /**
   * Changes one of them, by the same rules.
   *
   * @return it as it is now; empty when there is none of that id
   */
  default Optional<Webhook> change(TenantId tenantId, WebhookId id, UnaryOperator<Webhook> change) {
    List<Webhook> now =
        change(
            tenantId,
            all ->
                all.stream()
                    .map(webhook -> webhook.id().equals(id) ? change.apply(webhook) : webhook)
                    .toList());
    return now.stream().filter(webhook -> webhook.id().equals(id)).findFirst();
  }
}
