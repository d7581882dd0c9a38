package dev.outpost.webhook;

import dev.outpost.relay.LifecycleEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * That one webhook is to be told of one change, and what has come of it.
 *
 * @param id its id
 * @param webhookId whom it tells
 * @param event what it tells
 * @param attempt which attempt is the present one, or was the last, from 1
 * @param state how it stands
 * @param last what came of the latest attempt that ended, if one has
 */
public record Delivery(
    DeliveryId id,
    WebhookId webhookId,
    LifecycleEvent event,
    int attempt,
    State state,
    Optional<Attempted> last) {
  /**
   * How long after the beginning of an attempt the next one begins, unless the endpoint has taken
   * it: the longer, the more there were. After the last it is given up. Three days in all (Standard
   * Webhooks, "Deliverability and reliability").
   */
  public static final List<Duration> WAITS =
      List.of(
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(20),
          Duration.ofMinutes(10));

  /** How long deliveries can be listed and sent again. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** How it stands with a delivery. */
  public sealed interface State {
    /** The name in API and tables. */
    String wire();

    /**
     * The endpoint has not taken it yet.
     *
     * @param due when the next attempt begins, or it is given up; whole seconds
     */
    record Waiting(Instant due) implements State {
      /** The {@link #wire} name of it. */
      public static final String WIRE = "waiting";

      /** Refuses null. */
      public Waiting {
        Objects.requireNonNull(due, "due");
      }

      @Override
      public String wire() {
        return WIRE;
      }
    }

    /**
     * The endpoint has taken it.
     *
     * @param at when
     */
    record Delivered(Instant at) implements State {
      /** The {@link #wire} name of it. */
      public static final String WIRE = "delivered";

      /** Refuses null. */
      public Delivered {
        Objects.requireNonNull(at, "at");
      }

      @Override
      public String wire() {
        return WIRE;
      }
    }

    /**
     * It is not tried any more.
     *
     * @param at since when
     */
    record GivenUp(Instant at) implements State {
      /** The {@link #wire} name of it. */
      public static final String WIRE = "given_up";

      /** Refuses null. */
      public GivenUp {
        Objects.requireNonNull(at, "at");
      }

      @Override
      public String wire() {
        return WIRE;
      }
    }
  }

  /**
   * An attempt that has ended.
   *
   * @param at when it ended
   * @param outcome what came of it
   */
  public record Attempted(Instant at, Outcome outcome) {
    /** Refuses nulls. */
    public Attempted {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(outcome, "outcome");
    }
  }

  /** Refuses nulls and an attempt that can't be. */
  public Delivery {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(last, "last");
    if (attempt < 1 || attempt > WAITS.size()) {
      throw new IllegalArgumentException("there is no attempt " + attempt);
    }
  }

  /** What that webhook is to be told of that change, its first attempt beginning now. */
  public static Delivery of(WebhookId webhookId, LifecycleEvent event, Instant now) {
    return new Delivery(
        DeliveryId.of(webhookId, event), webhookId, event, 1, waiting(1, now), Optional.empty());
  }

  /** Where it is found. */
  public DeliveryKey key() {
    return new DeliveryKey(event.tenantId(), webhookId, id);
  }

  /** Whether it waits for what comes of that attempt. */
  public boolean isAt(int wanted) {
    return state instanceof State.Waiting && attempt == wanted;
  }

  /** After the present attempt; one that was not taken waits until it is due. */
  public Delivery after(Outcome outcome, Instant now) {
    State then =
        switch (outcome) {
          case Outcome.Answered answered when answered.taken() -> new State.Delivered(now);
          case Outcome.Answered answered when answered.gone() -> new State.GivenUp(now);
          case Outcome.Answered _, Outcome.Unanswered _ -> state;
        };
    return new Delivery(
        id, webhookId, event, attempt, then, Optional.of(new Attempted(now, outcome)));
  }

  /** When its time has come: its next attempt begins now, or it is given up. */
  public Delivery next(Instant now) {
    return attempt == WAITS.size()
        ? givenUp(now)
        : new Delivery(id, webhookId, event, attempt + 1, waiting(attempt + 1, now), last);
  }

  /** Tried no more. */
  public Delivery givenUp(Instant now) {
    return new Delivery(id, webhookId, event, attempt, new State.GivenUp(now), last);
  }

  /** From its first attempt on, whatever has come of it before. */
  public Delivery again(Instant now) {
    return new Delivery(id, webhookId, event, 1, waiting(1, now), last);
  }

  /** Whole seconds: the index of what is due sorts by them, as text. */
  private static State.Waiting waiting(int attempt, Instant now) {
    Instant due = now.plus(WAITS.get(attempt - 1));
    return new State.Waiting(Instant.ofEpochSecond(due.getEpochSecond()));
  }
}
