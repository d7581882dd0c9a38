package dev.outpost.run;

/** How much of the repository's own guides is put before the task, as a budget of tokens. */
public enum Context {
  /** A short preamble. */
  MINIMAL(600),
  /** The usual preamble. */
  STANDARD(1200),
  /** A long preamble. */
  FULL(1800);

  private final int tokens;

  Context(int tokens) {
    this.tokens = tokens;
  }

  /** The preamble's budget in tokens (counted as four characters each). */
  public int tokens() {
    return tokens;
  }
}
