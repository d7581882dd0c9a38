package dev.outpost.runner.scrub;

import java.util.Optional;

/** Recognises one shape of secret from a fixed string in it. Immutable. */
interface Rule {
  /** The fixed string that the shape begins with or contains; at least three characters. */
  String anchor();

  /**
   * What is to be hidden.
   *
   * @param text any text
   * @param at where the anchor begins in it
   */
  Optional<Span> match(String text, int at);
}
