package dev.outpost.machine;

import java.util.Arrays;

/** Measurements of one thing, sorted. */
final class Sample {
  private final double[] sorted;

  /** Those measurements; of none, only {@link #isEmpty} may be asked. */
  Sample(double... values) {
    sorted = values.clone();
    Arrays.sort(sorted);
  }

  boolean isEmpty() {
    return sorted.length == 0;
  }

  double min() {
    return sorted[0];
  }

  double median() {
    return percentile(50);
  }

  double max() {
    return sorted[sorted.length - 1];
  }

  /** The smallest value that so many percent of all do not exceed. */
  double percentile(int percent) {
    return sorted[Math.max(0, Math.ceilDiv(sorted.length * percent, 100) - 1)];
  }
}
