package dev.outpost.webhook;

import java.util.Objects;

/** What came of one attempt to tell an endpoint. */
public sealed interface Outcome {
  /**
   * The endpoint answered.
   *
   * @param status the HTTP status
   */
  record Answered(int status) implements Outcome {
    private static final int GONE = 410;

    /** Whether the endpoint has taken it (any 2xx). */
    public boolean taken() {
      return status / 100 == 2;
    }

    /** Whether the endpoint wants nothing any more (410, RFC 9110, section 15.5.11). */
    public boolean gone() {
      return status == GONE;
    }
  }

  /**
   * There was no answer.
   *
   * @param why a sentence for the tenant, without anything of our own network in it
   */
  record Unanswered(String why) implements Outcome {
    /** Refuses null. */
    public Unanswered {
      Objects.requireNonNull(why, "why");
    }
  }
}
