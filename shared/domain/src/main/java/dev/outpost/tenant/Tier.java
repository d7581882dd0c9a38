package dev.outpost.tenant;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What a tenant may use at most. */
public enum Tier {
  /** For a try. */
  FREE(1, 10, 300),
  /** For one person. */
  STARTER(3, 50, 600),
  /** For a team. */
  PRO(10, 500, 1800),
  /** For a company. */
  ENTERPRISE(50, 10_000, 3600);

  private final int concurrent;
  private final int perDay;
  private final Duration maxTimeout;

  Tier(int concurrent, int perDay, int maxTimeoutSeconds) {
    this.concurrent = concurrent;
    this.perDay = perDay;
    this.maxTimeout = Duration.ofSeconds(maxTimeoutSeconds);
  }

  /** How many dispatches may hold a slot (be launched and not yet ended) at the same instant. */
  public int concurrent() {
    return concurrent;
  }

  /** How many dispatches are accepted in one UTC day. */
  public int perDay() {
    return perDay;
  }

  /** The longest timeout that a dispatch may ask for. */
  public Duration maxTimeout() {
    return maxTimeout;
  }

  /** The name in API, tables and command line. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The tier of that name, or empty. */
  public static Optional<Tier> of(String wire) {
    for (Tier tier : values()) {
      if (tier.wire().equals(wire)) {
        return Optional.of(tier);
      }
    }
    return Optional.empty();
  }
}
