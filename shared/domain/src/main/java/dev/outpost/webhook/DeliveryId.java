package dev.outpost.webhook;

import dev.outpost.Ulids;
import dev.outpost.relay.LifecycleEvent;
import java.util.Objects;
import java.util.Optional;

/**
 * A delivery's id: {@code msg_} and a ULID that follows from webhook, dispatch and transition. So
 * it is one, whoever makes it and however often; it is what an endpoint is sent as {@code
 * webhook-id}, and ids sort by the time of what they tell.
 */
public record DeliveryId(String value) implements Comparable<DeliveryId> {
  private static final String MARK = "msg_";

  /** Refuses null. */
  public DeliveryId {
    Objects.requireNonNull(value, "value");
  }

  /** The id of what that webhook is told of that change. */
  public static DeliveryId of(WebhookId webhookId, LifecycleEvent event) {
    String text = webhookId + "|" + event.id() + "|" + event.version();
    return new DeliveryId(MARK + Ulids.derived(event.at(), text));
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<DeliveryId> parse(String text) {
    return text.startsWith(MARK) && Ulids.isUlid(text.substring(MARK.length()))
        ? Optional.of(new DeliveryId(text))
        : Optional.empty();
  }

  @Override
  public int compareTo(DeliveryId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
