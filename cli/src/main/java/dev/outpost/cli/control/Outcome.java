package dev.outpost.cli.control;

import java.util.Objects;

/**
 * What a command did in the machine.
 *
 * @param exit the exit code
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
public record Outcome(int exit, String out, String err) {
  /** Refuses nulls. */
  public Outcome {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
  }
}
