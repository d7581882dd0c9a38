package dev.outpost.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Counts of how dispatches ended lately. Safe for use by many threads.
 *
 * <p>Kept as counters in buckets of {@link #BUCKET}, so that reading an hour costs a dozen small
 * items whatever the load. A change that is relayed twice counts twice: these are figures of
 * health, nothing is decided or billed by them.
 */
public interface Endings {
  /** Width of a bucket. */
  Duration BUCKET = Duration.ofMinutes(5);

  /** What is looked back upon. */
  Duration WINDOW = Duration.ofHours(1);

  /** Counts these endings; one write for each bucket they fall in. */
  void add(List<Ending> endings);

  /** The counts of the last {@link #WINDOW}, whole buckets, by agent and status. */
  List<Count> lastHour(Instant now);

  /**
   * How many dispatches of an agent ended in a status.
   *
   * @param agent the agent
   * @param status the status
   * @param dispatches how many
   * @param ran how long the agent had them, all together
   */
  record Count(String agent, dev.outpost.dispatch.Status status, long dispatches, Duration ran) {}

  /** The begin of the bucket that the instant falls in. */
  static Instant bucket(Instant instant) {
    long width = BUCKET.toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(instant.toEpochMilli(), width) * width);
  }
}
