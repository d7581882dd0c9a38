package dev.outpost.dispatch;

import java.time.Instant;
import java.util.Objects;

/**
 * A line of a dispatch's log, scrubbed by the runner before it left the container.
 *
 * @param at when it was printed
 * @param level {@code info}, {@code error} or {@code debug}
 * @param message the line
 */
public record LogLine(Instant at, String level, String message) {
  /** Refuses nulls. */
  public LogLine {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(message, "message");
  }
}
