package dev.outpost.runner.agent;

/** The agent cannot be started here; the message says why to a person. */
public final class CannotStart extends Exception {
  private static final long serialVersionUID = 1;

  CannotStart(String message) {
    super(message);
  }
}
