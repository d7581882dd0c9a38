package dev.outpost.runner.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The pauses between the tries of one call: doubling, jittered, until patience ends. */
final class Backoff {
  private final Patience patience;
  private final long started = System.nanoTime();
  private Duration ceiling;

  Backoff(Patience patience) {
    this.patience = patience;
    ceiling = patience.first();
  }

  /** The next pause, between half of the ceiling and all of it; empty when patience has ended. */
  Optional<Duration> next() {
    if (System.nanoTime() - started >= patience.total().toNanos()) {
      return Optional.empty();
    }
    long nanos = ceiling.toNanos();
    ceiling = ceiling.multipliedBy(2);
    if (ceiling.compareTo(patience.longest()) > 0) {
      ceiling = patience.longest();
    }
    return Optional.of(
        Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1)));
  }
}
