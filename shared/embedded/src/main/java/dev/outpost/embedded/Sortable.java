package dev.outpost.embedded;

import dev.outpost.items.Nanos;
import java.time.Instant;

/** Numbers and instants as text that sorts like them. */
final class Sortable {
  private static final int DIGITS = 19;

  private Sortable() {}

  /** A number that is not negative, with leading zeros. */
  static String number(long value) {
    String digits = Long.toString(value);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** An instant of the epoch or later, to the nanosecond. */
  static String instant(Instant instant) {
    return number(Nanos.of(instant));
  }

  /** The instant that {@link #instant} wrote. */
  static Instant instant(String text) {
    return Nanos.instant(Long.parseLong(text));
  }
}
