package dev.outpost.simulation;

/** A process ends here: no more of its code runs but what unwinds. No handler may catch it. */
final class Stopped extends Error {
  private static final long serialVersionUID = 1;

  Stopped() {
    super("the process was stopped", null, false, false);
  }
}
