package dev.outpost.runner.log;

/** How a log line is meant. */
public enum Level {
  /** What the agent printed on standard output, and the runner's milestones. */
  INFO("info"),
  /** What the agent printed on standard error, and what went wrong. */
  ERROR("error"),
  /** What is of interest to few. */
  DEBUG("debug");

  private final String wire;

  Level(String wire) {
    this.wire = wire;
  }

  /** The level's name in the log. */
  public String wire() {
    return wire;
  }
}
