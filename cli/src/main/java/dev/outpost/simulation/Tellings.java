package dev.outpost.simulation;

import dev.outpost.relay.LifecycleEvent;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The part of the witness that looks at webhooks: who has to be told of which change, what is kept
 * of that, and what the endpoints have heard.
 */
final class Tellings {
  private final Ledger ledger;

  /** Each tenant's webhooks as they are. */
  private final Map<String, List<Webhook>> registered = new HashMap<>();

  /** Every webhook that ever was, as it was last. */
  private final Map<WebhookId, Webhook> known = new HashMap<>();

  /** Those that somebody has set out to remove. */
  private final Set<WebhookId> unwanted = new HashSet<>();

  /** Those that were removed or disabled at some time: what they missed is excused. */
  private final Set<WebhookId> left = new HashSet<>();

  private final Map<String, LifecycleEvent> changes = new HashMap<>();

  /** Who had to be told of what, when it happened. */
  private final Set<Telling> due = new LinkedHashSet<>();

  private final Map<Telling, Delivery> kept = new LinkedHashMap<>();
  private final Map<Telling, Set<DeliveryId>> heard = new HashMap<>();

  /** That a webhook is told of a change. */
  private record Telling(WebhookId webhook, String change) {}

  Tellings(Ledger ledger) {
    this.ledger = Objects.requireNonNull(ledger, "ledger");
  }

  private static String change(LifecycleEvent event) {
    return event.id() + "#" + event.version();
  }

  /** A dispatch has another status. */
  void changed(LifecycleEvent event) {
    changes.put(change(event), event);
    for (Webhook webhook : registered.getOrDefault(event.tenantId().value(), List.of())) {
      if (webhook.wants(event)) {
        due.add(new Telling(webhook.id(), change(event)));
      }
    }
  }

  /** Somebody sets out to remove a webhook. */
  void removing(WebhookId id) {
    unwanted.add(id);
  }

  /** A tenant's webhooks are others now. */
  void webhooksWritten(String tenant, List<Webhook> now) {
    for (Webhook before : registered.getOrDefault(tenant, List.of())) {
      if (now.stream().noneMatch(webhook -> webhook.id().equals(before.id()))) {
        left.add(before.id());
        ledger.require(unwanted.contains(before.id()), 11, before + " is gone, and nobody asked");
      }
    }
    for (Webhook webhook : now) {
      known.put(webhook.id(), webhook);
      if (!webhook.enabled()) {
        left.add(webhook.id());
      }
    }
    registered.put(tenant, now);
  }

  /** A delivery is kept, as it is now. */
  void deliveryWritten(Delivery now) {
    LifecycleEvent event = now.event();
    Telling telling = new Telling(now.webhookId(), change(event));
    Delivery before = kept.put(telling, now);
    ledger.require(
        before == null || before.id().equals(now.id()),
        11,
        telling + " is told under " + before + " and under " + now);
    ledger.require(
        event.equals(changes.get(telling.change())), 11, telling + " tells what never was: " + now);
    Webhook webhook = known.get(now.webhookId());
    ledger.require(
        webhook != null
            && webhook.tenantId().equals(event.tenantId())
            && webhook.statuses().contains(event.status()),
        11,
        webhook + " never wanted " + now);
    if (now.state() instanceof Delivery.State.Delivered) {
      ledger.require(heard.containsKey(telling), 11, "nobody heard " + now);
    }
    if (before != null && before.state() instanceof Delivery.State.Delivered) {
      ledger.require(before.equals(now), 11, before + " was delivered and is now " + now);
    }
  }

  /** An endpoint has taken what it was told. */
  void heard(Webhook webhook, Delivery delivery) {
    Telling telling = new Telling(webhook.id(), change(delivery.event()));
    Set<DeliveryId> ids = heard.computeIfAbsent(telling, _ -> new HashSet<>());
    ids.add(delivery.id());
    ledger.require(ids.size() == 1, 11, telling + " was heard as " + ids);
  }

  /** What is still to be delivered. */
  List<Delivery> waiting() {
    return kept.values().stream()
        .filter(delivery -> delivery.state() instanceof Delivery.State.Waiting)
        .toList();
  }

  /** What must hold when all is over. */
  void close() {
    for (Telling telling : due) {
      boolean excused = left.contains(telling.webhook());
      Delivery delivery = kept.get(telling);
      ledger.require(
          excused || (delivery != null && delivery.state() instanceof Delivery.State.Delivered),
          11,
          telling + " should have been told, and is " + delivery);
    }
  }
}
