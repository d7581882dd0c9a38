package dev.outpost.machine;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what comes by itself, and never for ever. */
final class Poll {
  private static final long PAUSE_NANOS = 5_000_000;

  private Poll() {}

  /** What is waited for. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Returns as soon as it holds; fails when it does not within that time. */
  static void until(String what, Duration atMost, Condition condition) throws Exception {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + atMost.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
