package dev.outpost.edge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the API writes them: ISO-8601 in UTC, always with three digits of a second. */
public final class WireTime {
  private static final int WITHOUT_FRACTION = "2026-01-01T00:00:00Z".length();

  private WireTime() {}

  /** The text of an instant, cut to milliseconds. */
  public static String of(Instant instant) {
    String text = instant.truncatedTo(ChronoUnit.MILLIS).toString();
    // A client that reads one fixed pattern must not stumble once in a thousand times.
    return text.length() == WITHOUT_FRACTION
        ? text.substring(0, text.length() - 1) + ".000Z"
        : text;
  }
}
