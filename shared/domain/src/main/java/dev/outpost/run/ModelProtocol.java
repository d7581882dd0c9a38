package dev.outpost.run;

import java.util.Locale;
import java.util.Optional;

/**
 * How a model is called: what carries the key, and where the answers tell what was consumed.
 *
 * <p>The wire name (in the catalogue and in the job) is the constant in lower case.
 */
public enum ModelProtocol {
  /** Anthropic's Messages API; the key in {@code x-api-key}. */
  ANTHROPIC,
  /**
   * OpenAI's Responses and Chat Completions APIs, which many speak; the key in {@code
   * Authorization: Bearer}.
   */
  OPENAI,
  /** Google's Gemini API; the key in {@code x-goog-api-key}. */
  GEMINI;

  /** The name used in the catalogue and in the job. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The protocol of that wire name, or empty for a word that is none. */
  public static Optional<ModelProtocol> of(String wire) {
    for (ModelProtocol protocol : values()) {
      if (protocol.wire().equals(wire)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
