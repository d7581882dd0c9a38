package dev.outpost.fleet;

import dev.outpost.dispatch.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * That a dispatch ended, as far as the fleet's health is concerned.
 *
 * @param agent whose work it was
 * @param status how it ended
 * @param at when
 * @param ran how long the agent had it; zero when it never ran
 */
public record Ending(String agent, Status status, Instant at, Duration ran) {
  /** Refuses nulls. */
  public Ending {
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(ran, "ran");
  }
}
