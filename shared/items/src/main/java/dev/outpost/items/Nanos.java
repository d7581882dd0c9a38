package dev.outpost.items;

import java.time.Instant;

/**
 * Instants as nanoseconds of the epoch: exact, sortable as numbers, and a third of the size of
 * ISO-8601 text, which matters where a kilobyte is the unit of billing. Good from 1677 to 2262.
 */
public final class Nanos {
  private static final long PER_SECOND = 1_000_000_000L;

  private Nanos() {}

  /**
   * The nanoseconds of an instant.
   *
   * @throws ArithmeticException when the instant is out of range
   */
  public static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), (long) instant.getNano());
  }

  /** The instant of these nanoseconds. */
  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
  }
}
