package dev.outpost.dispatch;

import java.time.Instant;
import java.util.Objects;

/**
 * That a runner took the job.
 *
 * @param claimant the word by which that runner knows itself
 * @param at when
 */
public record Claimed(String claimant, Instant at) {
  /** Refuses nulls. */
  public Claimed {
    Objects.requireNonNull(claimant, "claimant");
    Objects.requireNonNull(at, "at");
  }
}
