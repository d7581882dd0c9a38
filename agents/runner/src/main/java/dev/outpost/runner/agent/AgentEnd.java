package dev.outpost.runner.agent;

/** How an agent's run ended. */
public sealed interface AgentEnd {
  /** The leader's exit code; 128 and more when a signal ended it. */
  int exitCode();

  /** By itself. */
  record Exited(int exitCode) implements AgentEnd {}

  /** It was ended: its time was up. */
  record TimedOut(int exitCode) implements AgentEnd {}

  /** It was ended: the run was to stop. */
  record Stopped(int exitCode) implements AgentEnd {}
}
