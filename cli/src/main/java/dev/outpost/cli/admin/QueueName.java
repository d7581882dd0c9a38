package dev.outpost.cli.admin;

import java.util.Locale;

/** The queues whose messages can become dead letters that are worth another try. */
public enum QueueName {
  /** Dispatches that the launcher is to look at. */
  LAUNCH,
  /** News of tasks. */
  TASK_EVENTS,
  /** Attempts to tell webhooks. */
  WEBHOOKS;

  /**
   * The name that is typed, and that a stage's queue has between {@code outpost-} and the stage.
   */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
