package dev.outpost.machine;

import java.util.Arrays;

/** Measurements of one thing, sorted. */
final class Sample {
  private final double[] sorted;

  /** Those measurements, at least one. */
  Sample(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    sorted = values.clone();
    Arrays.sort(sorted);
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
