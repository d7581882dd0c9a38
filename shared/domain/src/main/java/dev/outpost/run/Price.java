package dev.outpost.run;

/**
 * What a model costs, in US dollars for a million tokens.
 *
 * @param input tokens read
 * @param cacheWrite tokens read and put into the provider's cache
 * @param cached tokens served from that cache
 * @param output tokens written, reasoning included
 */
public record Price(double input, double cacheWrite, double cached, double output) {
  /** More than any model costs; what is beyond is a slip of the pen. */
  public static final double MAX = 10_000;

  private static final double MILLION = 1e6;

  /** Refuses what is no price. */
  public Price {
    for (double price : new double[] {input, cacheWrite, cached, output}) {
      if (!(price >= 0 && price <= MAX)) {
        throw new IllegalArgumentException("a price must be 0 to " + MAX + " dollars");
      }
    }
  }

  /**
   * What that many tokens cost, in dollars.
   *
   * @param fresh input tokens that neither came from the cache nor went into it
   * @param written input tokens that went into the cache
   * @param served input tokens that came from the cache
   * @param out tokens written
   */
  public double of(long fresh, long written, long served, long out) {
    return (fresh * input + written * cacheWrite + served * cached + out * output) / MILLION;
  }

  /** The greater of both in each part. */
  Price orDearer(Price other) {
    return new Price(
        Math.max(input, other.input),
        Math.max(cacheWrite, other.cacheWrite),
        Math.max(cached, other.cached),
        Math.max(output, other.output));
  }
}
