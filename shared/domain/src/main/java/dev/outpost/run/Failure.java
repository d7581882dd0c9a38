package dev.outpost.run;

import java.util.Objects;

/**
 * A cause and the sentence that explains it to the dispatch's owner.
 *
 * @param cause the typed cause
 * @param message a sentence for a person; never a stack trace, never a secret; at most {@value
 *     #MAX_MESSAGE} characters, longer ones are cut
 */
public record Failure(Cause cause, String message) {
  /** Longest message kept, in characters: a record must stay below one write unit (1 KB). */
  public static final int MAX_MESSAGE = 300;

  /** Cuts the message to its bound. */
  public Failure {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(message, "message");
    if (message.length() > MAX_MESSAGE) {
      message = message.substring(0, MAX_MESSAGE - 1) + "…";
    }
  }
}
