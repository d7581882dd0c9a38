package dev.outpost.simulation;

import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Endpoints;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The endpoints of webhooks: they take what they are told, or whatever the weather brings. */
final class Listeners implements Endpoints {
  private static final int NO_CONTENT = 204;
  private static final int GONE = 410;
  private static final int BROKEN = 500;

  /** How long an endpoint may take, and takes when it says nothing. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LONGEST = Duration.ofMillis(400);

  private final World world;

  Listeners(World world) {
    this.world = Objects.requireNonNull(world, "world");
  }

  @Override
  public Outcome tell(Webhook webhook, Delivery delivery, Instant now) {
    Weather weather = world.weather();
    Timeline timeline = world.timeline();
    timeline.sleep(world.chance().upTo(LONGEST));
    world.trace("webhook " + webhook.id(), delivery);
    if (weather.has(Fault.PROCESS_STOPPED_BEFORE)) {
      timeline.stopHere();
    }
    if (weather.has(Fault.ENDPOINT_SILENT)) {
      timeline.sleep(PATIENCE);
      return new Outcome.Unanswered("There was no answer within 10 seconds.");
    }
    if (weather.has(Fault.ENDPOINT_FAILED)) {
      return new Outcome.Answered(BROKEN);
    }
    if (weather.has(Fault.ENDPOINT_GONE)) {
      return new Outcome.Answered(GONE);
    }
    world.ledger().tellings().heard(webhook, delivery);
    if (weather.has(Fault.PROCESS_STOPPED_AFTER)) {
      timeline.stopHere();
    }
    if (weather.has(Fault.ENDPOINT_ANSWER_LOST)) {
      return new Outcome.Unanswered("The connection broke before there was an answer.");
    }
    return new Outcome.Answered(NO_CONTENT);
  }
}
