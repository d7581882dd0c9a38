package dev.outpost.items;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Cause;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Delivery.Attempted;
import dev.outpost.webhook.Delivery.State;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.WebhookId;
import java.util.Map;
import java.util.Optional;

/**
 * That a webhook is told of a change: {@code tenant_id, sk = DELIVERY#whk_…#msg_…, dispatch_id,
 * agent, status, version, at, cause, attempt, state, last {at, status, error}, expires_at_epoch};
 * with {@code due_shard, due_at} while it waits, else with {@code since}.
 *
 * <p>An item that is past its time and not removed yet harms nobody, so nobody compares it.
 */
public final class DeliveryItem {
  /** The {@link Tables#DUE_SHARD} of all deliveries that wait. */
  public static final String SHARD = "webhooks";

  /** A number: which attempt is the present one, or was the last. */
  public static final String ATTEMPT = "attempt";

  /** A string: {@code waiting}, {@code delivered} or {@code given_up}. */
  public static final String STATE = "state";

  private static final String SORT_KEY_PREFIX = "DELIVERY#";
  private static final String SINCE = "since";

  private DeliveryItem() {}

  /** The {@link Tables#SORT_KEY} of a delivery. */
  public static String sortKey(WebhookId webhookId, DeliveryId id) {
    return sortKeyPrefix(webhookId) + id;
  }

  /** What is before the id in the {@link Tables#SORT_KEY} of each of a webhook's deliveries. */
  public static String sortKeyPrefix(WebhookId webhookId) {
    return SORT_KEY_PREFIX + webhookId + "#";
  }

  /** The item. */
  public static Map<String, Object> toItem(Delivery delivery) {
    LifecycleEvent event = delivery.event();
    ItemWriter writer =
        new ItemWriter()
            .text(Tables.TENANT_ID, event.tenantId().value())
            .text(Tables.SORT_KEY, sortKey(delivery.webhookId(), delivery.id()))
            .text(Tables.DISPATCH_ID, event.id().value())
            .text(Tables.AGENT, event.agent())
            .text(Tables.STATUS, event.status().wire())
            .number("version", event.version())
            .instant("at", event.at())
            .text("cause", event.cause().map(Cause::wire))
            .number(ATTEMPT, delivery.attempt())
            .text(STATE, delivery.state().wire())
            .inner("last", delivery.last().map(DeliveryItem::toItem))
            .number(Tables.EXPIRES, event.at().plus(Delivery.KEPT).getEpochSecond());
    switch (delivery.state()) {
      case State.Waiting waiting ->
          writer.text(Tables.DUE_SHARD, SHARD).text(Tables.DUE_AT, DueAt.of(waiting.due()));
      case State.Delivered delivered -> writer.instant(SINCE, delivered.at());
      case State.GivenUp givenUp -> writer.instant(SINCE, givenUp.at());
    }
    return writer.item();
  }

  private static Map<String, Object> toItem(Attempted attempted) {
    ItemWriter writer = new ItemWriter().instant("at", attempted.at());
    switch (attempted.outcome()) {
      case Outcome.Answered answered -> writer.number("status", answered.status());
      case Outcome.Unanswered unanswered -> writer.text("error", unanswered.why());
    }
    return writer.item();
  }

  /**
   * The key of a delivery's item, or of its entry in {@link Tables#BY_DUE}.
   *
   * @throws IllegalArgumentException when it is none of a delivery
   */
  public static DeliveryKey key(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    String sortKey = reader.text(Tables.SORT_KEY);
    int between = sortKey.lastIndexOf('#');
    if (!sortKey.startsWith(SORT_KEY_PREFIX) || between < SORT_KEY_PREFIX.length()) {
      throw new IllegalArgumentException("attribute " + Tables.SORT_KEY + " is no delivery's");
    }
    return new DeliveryKey(
        new TenantId(reader.text(Tables.TENANT_ID)),
        new WebhookId(sortKey.substring(SORT_KEY_PREFIX.length(), between)),
        new DeliveryId(sortKey.substring(between + 1)));
  }

  /**
   * The delivery of an item.
   *
   * @throws IllegalArgumentException when the item is none of a delivery
   */
  public static Delivery fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    DeliveryKey key = key(item);
    LifecycleEvent event =
        new LifecycleEvent(
            new DispatchId(reader.text(Tables.DISPATCH_ID)),
            key.tenantId(),
            reader.text(Tables.AGENT),
            reader.word(Tables.STATUS, Status::of),
            reader.number("version"),
            reader.instant("at"),
            reader.maybeText("cause").isPresent()
                ? Optional.of(reader.word("cause", Cause::of))
                : Optional.empty());
    return new Delivery(
        key.id(),
        key.webhookId(),
        event,
        Math.toIntExact(reader.number(ATTEMPT)),
        state(reader),
        reader.maybeInner("last").map(DeliveryItem::attempted));
  }

  private static State state(ItemReader reader) {
    String word = reader.text(STATE);
    return switch (word) {
      case State.Waiting.WIRE -> new State.Waiting(reader.instant(Tables.DUE_AT));
      case State.Delivered.WIRE -> new State.Delivered(reader.instant(SINCE));
      case State.GivenUp.WIRE -> new State.GivenUp(reader.instant(SINCE));
      default ->
          throw new IllegalArgumentException("attribute " + STATE + " says \"" + word + "\"");
    };
  }

  private static Attempted attempted(ItemReader reader) {
    Optional<String> error = reader.maybeText("error");
    Outcome outcome =
        error.isPresent()
            ? new Outcome.Unanswered(error.get())
            : new Outcome.Answered(Math.toIntExact(reader.number("status")));
    return new Attempted(reader.instant("at"), outcome);
  }
}
