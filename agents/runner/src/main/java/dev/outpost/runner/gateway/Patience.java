package dev.outpost.runner.gateway;

import java.time.Duration;

/**
 * How long and how often to try again.
 *
 * @param first the longest pause before the second try; doubles with each further one
 * @param longest the longest pause at all
 * @param total after this long no further try is made
 */
public record Patience(Duration first, Duration longest, Duration total) {
  /** The control plane may be restarting: ten minutes. */
  public static final Patience USUAL =
      new Patience(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(10));

  /** The same pauses within another total. */
  public Patience within(Duration otherTotal) {
    return new Patience(first, longest, otherTotal);
  }
}
