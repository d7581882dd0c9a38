package dev.outpost.items;

import dev.outpost.dispatch.Status;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All webhooks of a tenant, one item because they are read together: {@code tenant_id, sk =
 * WEBHOOKS, version, webhooks [{webhook_id, url, statuses, generation, rotated_at, disabled_at,
 * created_at}]}. Their secrets are in no item.
 *
 * @param tenantId whose they are
 * @param version counts the writes of the item, from 1; 0 for one that was never written
 * @param webhooks the webhooks, oldest first
 */
public record WebhooksItem(TenantId tenantId, long version, List<Webhook> webhooks) {
  /** The {@link Tables#SORT_KEY} of a tenant's webhooks. */
  public static final String SORT_KEY = "WEBHOOKS";

  /** A number: counts the writes. */
  public static final String VERSION = "version";

  private static final String WEBHOOKS = "webhooks";

  /** Sorts the webhooks. */
  public WebhooksItem {
    Objects.requireNonNull(tenantId, "tenantId");
    webhooks = webhooks.stream().sorted(Comparator.comparing(Webhook::id)).toList();
  }

  /** What stands for the item while there is none. */
  public static WebhooksItem none(TenantId tenantId) {
    return new WebhooksItem(tenantId, 0, List.of());
  }

  /** The next version of it, with these webhooks. */
  public WebhooksItem next(List<Webhook> changed) {
    return new WebhooksItem(tenantId, version + 1, changed);
  }

  /** The item. */
  public Map<String, Object> toItem() {
    return new ItemWriter()
        .text(Tables.TENANT_ID, tenantId.value())
        .text(Tables.SORT_KEY, SORT_KEY)
        .number(VERSION, version)
        .list(WEBHOOKS, webhooks.stream().map(WebhooksItem::toItem).toList())
        .item();
  }

  private static Map<String, Object> toItem(Webhook webhook) {
    return new ItemWriter()
        .text("webhook_id", webhook.id().value())
        .text("url", webhook.url().toString())
        .list("statuses", webhook.statuses().stream().sorted().map(Status::wire).toList())
        .number("generation", webhook.generation())
        .text("rotated_at", webhook.rotatedAt().map(Instant::toString))
        .text("disabled_at", webhook.disabledAt().map(Instant::toString))
        .instant("created_at", webhook.createdAt())
        .item();
  }

  /**
   * The webhooks of an item.
   *
   * @throws IllegalArgumentException when the item is none of webhooks
   */
  public static WebhooksItem fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    TenantId tenantId = new TenantId(reader.text(Tables.TENANT_ID));
    return new WebhooksItem(
        tenantId,
        reader.number(VERSION),
        reader.inners(WEBHOOKS).stream().map(inner -> webhook(tenantId, inner)).toList());
  }

  private static Webhook webhook(TenantId tenantId, ItemReader reader) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String word : reader.texts("statuses")) {
      statuses.add(
          Status.of(word)
              .orElseThrow(() -> new IllegalArgumentException("no status is called " + word)));
    }
    return new Webhook(
        new WebhookId(reader.text("webhook_id")),
        tenantId,
        URI.create(reader.text("url")),
        statuses,
        Math.toIntExact(reader.number("generation")),
        reader.maybeInstant("rotated_at"),
        reader.maybeInstant("disabled_at"),
        reader.instant("created_at"));
  }
}
