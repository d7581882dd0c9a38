package dev.outpost.webhook;

import dev.outpost.Ulids;
import java.util.Objects;
import java.util.Optional;

/** A webhook's id: {@code whk_} and a ULID, so that ids sort by the time of their creation. */
public record WebhookId(String value) implements Comparable<WebhookId> {
  private static final String MARK = "whk_";

  /** Refuses null. */
  public WebhookId {
    Objects.requireNonNull(value, "value");
  }

  /** A new id. */
  public static WebhookId next(Ulids ulids) {
    return new WebhookId(MARK + ulids.next());
  }

  /** The id that the text spells, or empty when it has not an id's form. */
  public static Optional<WebhookId> parse(String text) {
    return text.startsWith(MARK) && Ulids.isUlid(text.substring(MARK.length()))
        ? Optional.of(new WebhookId(text))
        : Optional.empty();
  }

  @Override
  public int compareTo(WebhookId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
