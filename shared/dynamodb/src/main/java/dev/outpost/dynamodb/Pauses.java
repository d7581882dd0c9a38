package dev.outpost.dynamodb;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How time passes between two tries of a call. */
@FunctionalInterface
public interface Pauses {
  /**
   * Waits a random time, so that those who met do not meet again.
   *
   * @param longest the longest it may be
   * @return false when the wait was interrupted: then no further try is to be made
   */
  boolean upTo(Duration longest);

  /** Sleeps; an interrupted thread stays interrupted. Safe for use by many threads. */
  static Pauses random() {
    return longest -> {
      try {
        Thread.sleep(ThreadLocalRandom.current().nextLong(longest.toMillis() + 1));
        return true;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }
}
