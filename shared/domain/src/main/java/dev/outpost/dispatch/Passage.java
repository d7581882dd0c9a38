package dev.outpost.dispatch;

import java.time.Instant;
import java.util.Objects;

/**
 * That a dispatch took a status: what everybody who listens is told, once for each.
 *
 * @param status the status
 * @param version the record's version by which it took it
 * @param at when, by the clock of whoever made the change
 */
public record Passage(Status status, long version, Instant at) {
  /** Refuses nulls. */
  public Passage {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(at, "at");
  }
}
