package dev.outpost.run;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an agent consumed at its model's provider.
 *
 * @param inputTokens tokens read, without those served from the provider's cache
 * @param cachedTokens input tokens served from the provider's cache
 * @param outputTokens tokens written, reasoning included
 * @param costUsd the cost in US dollars where it is known
 * @param costSource who says so; empty just where the cost is
 */
public record Usage(
    long inputTokens,
    long cachedTokens,
    long outputTokens,
    OptionalDouble costUsd,
    Optional<CostSource> costSource) {
  /** More than any run can cost; what is beyond is a mistake, or meant to do harm. */
  public static final double MAX_COST = 1e9;

  /** Refuses negative counts, and a cost that is none. */
  public Usage {
    Objects.requireNonNull(costUsd, "costUsd");
    Objects.requireNonNull(costSource, "costSource");
    if (inputTokens < 0 || cachedTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("a token count is negative");
    }
    if (costUsd.isPresent() && !(costUsd.getAsDouble() >= 0 && costUsd.getAsDouble() <= MAX_COST)) {
      throw new IllegalArgumentException("a cost must be 0 to " + MAX_COST + " dollars");
    }
    if (costUsd.isPresent() != costSource.isPresent()) {
      throw new IllegalArgumentException("a cost and its source belong together");
    }
  }

  /** A usage as an agent tells it: where it names a cost, that is the agent's word. */
  public Usage(long inputTokens, long cachedTokens, long outputTokens, OptionalDouble costUsd) {
    this(
        inputTokens,
        cachedTokens,
        outputTokens,
        costUsd,
        costUsd.isPresent() ? Optional.of(CostSource.AGENT) : Optional.empty());
  }

  /** Tokens of every kind together. */
  public long tokens() {
    return inputTokens + cachedTokens + outputTokens;
  }

  /** Where a cost comes from, the best first. */
  public enum CostSource {
    /** The provider told it with its answers. */
    PROVIDER,
    /** The agent's own program reckoned it. */
    AGENT,
    /** Reckoned from the tokens and the catalogue's list prices. */
    PRICE_TABLE;

    /** The name used in the API, in tables and in artifacts. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The source of that wire name, or empty for a word that is none. */
    public static Optional<CostSource> of(String wire) {
      for (CostSource source : values()) {
        if (source.wire().equals(wire)) {
          return Optional.of(source);
        }
      }
      return Optional.empty();
    }
  }
}
