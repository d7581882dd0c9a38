package dev.outpost.dispatch;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/** A UTC day, against which dispatches are counted. */
public record Day(LocalDate date) {
  /** Refuses null. */
  public Day {
    Objects.requireNonNull(date, "date");
  }

  /** The day of that instant. */
  public static Day of(Instant instant) {
    return new Day(instant.atZone(ZoneOffset.UTC).toLocalDate());
  }

  /** When the next day begins. */
  public Instant end() {
    return date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
