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
  /** Refuses negative counts. */
  public Usage {
    Objects.requireNonNull(costUsd, "costUsd");
    if (inputTokens < 0 || cachedTokens < 0 || outputTokens < 0) {
      throw new IllegalArgumentException("a token count is negative");
    }
  }
}
