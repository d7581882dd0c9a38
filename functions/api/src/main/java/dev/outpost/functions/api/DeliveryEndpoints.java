package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.Webhooks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code /webhooks/{id}/deliveries}: what a webhook was told and what came of it. Safe for use by
 * many threads.
 */
final class DeliveryEndpoints {
  private static final Logger LOG = System.getLogger(DeliveryEndpoints.class.getName());

  private static final int MAX = 100;
  private static final int USUAL = 20;

  /** An attempt may end between the look and the change; hardly so three times in a row. */
  private static final int LOOKS = 3;

  private final Webhooks webhooks;
  private final Deliveries deliveries;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  DeliveryEndpoints(
      Webhooks webhooks, Deliveries deliveries, DeliveryQueue queue, InstantSource clock) {
    this.webhooks = Objects.requireNonNull(webhooks, "webhooks");
    this.deliveries = Objects.requireNonNull(deliveries, "deliveries");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** {@code GET /webhooks/{id}/deliveries}. */
  Answer list(Call call) throws Refused {
    Query query = new Query(call.request());
    int limit = (int) query.number("limit", 1, MAX, USUAL);
    Optional<DeliveryId> before = Cursor.read(query, DeliveryId::parse);
    query.done();
    Webhook webhook = call.webhook(webhooks);
    List<Delivery> found = deliveries.list(webhook.tenantId(), webhook.id(), before, limit + 1);
    return Answer.ok(
        Part.of("deliveries", found, limit, DeliveryEndpoints::shown, one -> one.id().value()));
  }

  /** {@code POST /webhooks/{id}/replay}. */
  Answer replay(Call call) throws Refused {
    new Query(call.request()).done();
    DeliveryId id = wanted(JsonBody.of(call.request()));
    Webhook webhook = call.webhook(webhooks);
    DeliveryKey key = new DeliveryKey(webhook.tenantId(), webhook.id(), id);
    Delivery found = deliveries.find(key).orElseThrow(DeliveryEndpoints::none);
    if (!webhook.enabled()) {
      throw new Refused(
          ErrorCode.CONFLICT,
          "The webhook is disabled and would not be told; enable it first: POST /webhooks/"
              + webhook.id()
              + "/enable.");
    }
    Delivery begun = again(found);
    try {
      queue.send(key, begun.attempt());
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING, "delivery " + id + " begins again with its next attempt: not enqueued", e);
    }
    return new Answer(202, shown(begun), Map.of());
  }

  private static DeliveryId wanted(Map<?, ?> body) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    Optional<String> id = fields.text("deliveryId");
    if (!fields.has("deliveryId")) {
      fields.wrong("deliveryId", "is missing; it must be that of a delivery to this webhook");
    }
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    return id.flatMap(DeliveryId::parse).orElseThrow(DeliveryEndpoints::none);
  }

  private Delivery again(Delivery found) throws Refused {
    Delivery seen = found;
    for (int look = 0; look < LOOKS; look++) {
      Delivery begun = seen.again(clock.instant());
      if (deliveries.replace(seen, begun)) {
        return begun;
      }
      seen = deliveries.find(seen.key()).orElseThrow(DeliveryEndpoints::none);
    }
    throw new Refused(
        ErrorCode.CONFLICT, "The delivery is being attempted just now; look what comes of it.");
  }

  private static Map<String, Object> shown(Delivery delivery) {
    Optional<Outcome> last = delivery.last().map(Delivery.Attempted::outcome);
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("deliveryId", delivery.id().value());
    shown.put("dispatchId", delivery.event().id().value());
    shown.put("status", delivery.event().status().wire());
    shown.put("version", delivery.event().version());
    shown.put("state", delivery.state().wire());
    shown.put("attempt", delivery.attempt());
    shown.put("nextAttemptAt", next(delivery).orElse(null));
    shown.put(
        "lastStatus",
        last.orElse(null) instanceof Outcome.Answered answered ? answered.status() : null);
    shown.put(
        "lastError",
        last.orElse(null) instanceof Outcome.Unanswered unanswered ? unanswered.why() : null);
    shown.put("lastAttemptAt", delivery.last().map(a -> WireTime.of(a.at())).orElse(null));
    return shown;
  }

  /** When the next attempt begins; after the last one comes none. */
  private static Optional<String> next(Delivery delivery) {
    return delivery.attempt() < Delivery.WAITS.size()
            && delivery.state() instanceof Delivery.State.Waiting waiting
        ? Optional.of(WireTime.of(waiting.due()))
        : Optional.empty();
  }

  /** The one answer for an unknown id, another webhook's id, and what is no id. */
  private static Refused none() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no such delivery.");
  }
}
