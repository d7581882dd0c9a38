package dev.outpost.functions.api.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value that is made again when it has become too old. Safe for use by many threads: one makes
 * it, the others wait for it.
 */
final class Cached<T> {
  private final Supplier<T> source;
  private final Duration maxAge;
  private final InstantSource clock;
  private Optional<Made<T>> made = Optional.empty();

  Cached(Supplier<T> source, Duration maxAge, InstantSource clock) {
    this.source = Objects.requireNonNull(source, "source");
    this.maxAge = Objects.requireNonNull(maxAge, "maxAge");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  private record Made<T>(T value, Instant at) {}

  /** The value, at most the maximal age old. */
  synchronized T get() {
    Instant now = clock.instant();
    if (made.isEmpty() || made.get().at().plus(maxAge).isBefore(now)) {
      made = Optional.of(new Made<>(source.get(), now));
    }
    return made.get().value();
  }
}
