package dev.outpost.machine;

import java.util.Arrays;

/** Measurements of one thing, sorted. */
public final class Sample {
  private final double[] sorted;

  /** Those measurements; of none, only {@link #isEmpty} may be asked. */
  public Sample(double... values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  /** Whether nothing was measured. */
  public boolean isEmpty() {
    return sorted.length == 0;
  }

  double min() {
    return sorted[0];
  }

  /** The middle one. */
  public double median() {
    return percentile(50);
  }

  /** The largest. */
  public double max() {
    return sorted[sorted.length - 1];
  }

  /** The smallest value that so many percent of all do not exceed. */
  public double percentile(int percent) {
    return sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
  }
}
