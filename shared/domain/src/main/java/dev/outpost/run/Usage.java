package dev.outpost.run;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What an agent consumed at its model's provider.
 *
 * @param inputTokens tokens read, without those served from the provider's cache
 * @param cachedTokens input tokens served from the provider's cache
 * @param outputTokens tokens written, reasoning included
 * @param costUsd the cost in US dollars where it is known
 */
public record Usage(
    long inputTokens, long cachedTokens, long outputTokens, OptionalDouble costUsd) {
  /** More than any run can cost; what is beyond is a mistake, or meant to do harm. */
  public static final double MAX_COST = 1e9;

  /** Refuses negative counts, and a cost that is none. */
  public Usage {
    Objects.requireNonNull(costUsd, "costUsd");
    if (inputTokens < 0 || cachedTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("a token count is negative");
    }
    if (costUsd.isPresent() && !(costUsd.getAsDouble() >= 0 && costUsd.getAsDouble() <= MAX_COST)) {
      throw new IllegalArgumentException("a cost must be 0 to " + MAX_COST + " dollars");
    }
  }
}
