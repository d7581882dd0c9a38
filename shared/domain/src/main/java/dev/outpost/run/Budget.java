package dev.outpost.run;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a run may consume at its model's provider; past it the run is ended.
 *
 * @param maxCostUsd US dollars, more than 0 and at most {@value #LARGEST_COST}
 * @param maxTokens tokens of every kind together (read, served from the cache, written), {@value
 *     #LEAST_TOKENS} to {@value #MOST_TOKENS}
 */
public record Budget(OptionalDouble maxCostUsd, OptionalLong maxTokens) {
  /** No bound. */
  public static final Budget NONE = new Budget(OptionalDouble.empty(), OptionalLong.empty());

  /** The largest bound of the cost that can be asked for, in dollars. */
  public static final int LARGEST_COST = 100_000;

  /** The least bound of tokens: an agent's first call alone has more than that. */
  public static final int LEAST_TOKENS = 1000;

  /** The largest bound of tokens that can be asked for. */
  public static final int MOST_TOKENS = Integer.MAX_VALUE;

  /** Refuses bounds out of range. */
  public Budget {
    Objects.requireNonNull(maxCostUsd, "maxCostUsd");
    Objects.requireNonNull(maxTokens, "maxTokens");
    if (maxCostUsd.isPresent()
        && !(maxCostUsd.getAsDouble() > 0 && maxCostUsd.getAsDouble() <= LARGEST_COST)) {
      throw new IllegalArgumentException("a budget's cost must be more than 0, to " + LARGEST_COST);
    }
    if (maxTokens.isPresent()
        && (maxTokens.getAsLong() < LEAST_TOKENS || maxTokens.getAsLong() > MOST_TOKENS)) {
      throw new IllegalArgumentException(
          "a budget's tokens must be " + LEAST_TOKENS + " to " + MOST_TOKENS);
    }
  }

  /** Whether there is a bound at all. */
  public boolean isBounded() {
    return maxCostUsd.isPresent() || maxTokens.isPresent();
  }
}
