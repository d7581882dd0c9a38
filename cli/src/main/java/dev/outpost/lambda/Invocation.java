package dev.outpost.lambda;

import java.util.Objects;

/** What became of an event that a function was given. */
public sealed interface Invocation {
  /** How long it took from the event being handed out to this, in nanoseconds. */
  long nanos();

  /**
   * The function answered.
   *
   * @param nanos the time it took
   * @param body its answer
   */
  record Returned(long nanos, String body) implements Invocation {
    /** Refuses null. */
    public Returned {
      Objects.requireNonNull(body, "body");
    }
  }

  /**
   * The function threw.
   *
   * @param nanos the time it took
   * @param body what the runtime client tells of the error: a JSON object with {@code errorMessage}
   *     and {@code errorType}
   */
  record Failed(long nanos, String body) implements Invocation {
    /** Refuses null. */
    public Failed {
      Objects.requireNonNull(body, "body");
    }
  }
}
