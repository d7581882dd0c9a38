package dev.outpost.run;

import java.util.Objects;

/**
 * How far a run is, for a person to read.
 *
 * @param percent 0 to 100, never falling within one run
 * @param message a short sentence, at most {@value #MAX_MESSAGE} characters, longer ones are cut
 */
public record Progress(int percent, String message) {
  /** Longest message kept, in characters. */
  public static final int MAX_MESSAGE = 120;

  /** Nothing has happened yet. */
  public static final Progress NONE = new Progress(0, "waiting");

  /** Checks the range and cuts the message. */
  public Progress {
    Objects.requireNonNull(message, "message");
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("percent must be 0 to 100");
    }
    if (message.length() > MAX_MESSAGE) {
      message = message.substring(0, MAX_MESSAGE - 1) + "…";
    }
  }
}
