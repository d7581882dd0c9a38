package dev.outpost.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** All that is left to chance in a history, drawn from one seed. Not safe for several threads. */
final class Chance {
  private final SplittableRandom random;

  Chance(long seed) {
    // Neighbouring seeds must not give neighbouring histories.
    this(new SplittableRandom(seed * 0x9E3779B97F4A7C15L));
  }

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  /** A stream of its own, so that one more draw in one place does not shift all others. */
  Chance split() {
    return new Chance(random.split());
  }

  boolean hit(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** Mostly near the shortest, sometimes near the longest: as waiting times are. */
  Duration between(Duration shortest, Duration longest) {
    double skewed = random.nextDouble() * random.nextDouble();
    long span = longest.toMillis() - shortest.toMillis();
    return shortest.plusMillis((long) (span * skewed)).plusNanos(random.nextInt(1_000_000));
  }

  Duration upTo(Duration longest) {
    return Duration.ofMillis(random.nextLong(longest.toMillis() + 1));
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  double fraction() {
    return random.nextDouble();
  }

  RandomGenerator generator() {
    return random.split();
  }

  String hex(int characters) {
    StringBuilder text = new StringBuilder();
    while (text.length() < characters) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }
}
