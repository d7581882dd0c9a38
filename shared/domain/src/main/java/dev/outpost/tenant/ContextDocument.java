package dev.outpost.tenant;

import java.time.Instant;
import java.util.Objects;

/**
 * What a tenant wants each of its agents to know: conventions, names, what not to touch. It stands
 * before the repository's own guides.
 *
 * @param text the text, 1 to {@value #MAX_CHARACTERS} characters
 * @param updatedAt when it was set
 */
public record ContextDocument(String text, Instant updatedAt) {
  /** Most characters (Unicode's) of a document. */
  public static final int MAX_CHARACTERS = 20_000;

  /** Refuses nulls. */
  public ContextDocument {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(updatedAt, "updatedAt");
  }

  /** Shows no text. */
  @Override
  public String toString() {
    return "ContextDocument[" + updatedAt + "]";
  }
}
