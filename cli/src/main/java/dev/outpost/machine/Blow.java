package dev.outpost.machine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a crash campaign does to the machine and its tasks, always with SIGKILL. */
enum Blow {
  /** The machine, at any time. */
  MACHINE,
  /** The machine, when it has just accepted a dispatch. */
  MACHINE_AFTER_ANSWER,
  /** The machine, when a runner's process has just appeared. */
  MACHINE_AS_RUNNER_STARTS,
  /** The machine, when an agent has just begun. */
  MACHINE_AS_AGENT_BEGINS,
  /** The machine, when an agent has just ended and its runner wants to tell so. */
  MACHINE_AS_AGENT_ENDS,
  /** The machine, and again while it starts. */
  MACHINE_WHILE_STARTING,
  /** A runner. */
  RUNNER,
  /** An agent. */
  AGENT,
  /** A runner, while the machine is down. */
  RUNNER_WHILE_DOWN,
  /** An agent, while the machine is down. */
  AGENT_WHILE_DOWN,
  /** The machine and all processes of all tasks, as when the power fails. */
  EVERYTHING;

  private static final Set<Blow> ON_RUNNERS = Set.of(RUNNER, RUNNER_WHILE_DOWN, EVERYTHING);
  private static final Set<Blow> ON_AGENTS = Set.of(AGENT, AGENT_WHILE_DOWN, EVERYTHING);

  /** Whether it can end a runner. */
  boolean hitsRunner() {
    return ON_RUNNERS.contains(this);
  }

  /** Whether it can end an agent. */
  boolean hitsAgent() {
    return ON_AGENTS.contains(this);
  }

  /** Whether the machine is killed. */
  boolean hitsMachine() {
    return this != RUNNER && this != AGENT;
  }

  /** Those that leave runners and agents alone. */
  static List<Blow> onTheMachineAlone() {
    return Arrays.stream(values()).filter(blow -> !blow.hitsRunner() && !blow.hitsAgent()).toList();
  }

  /** What is killed, in words. */
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
