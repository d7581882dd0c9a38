package dev.outpost.agent;

import java.util.Optional;

/** Whether this installation can run an agent now. Safe for use by many threads. */
@FunctionalInterface
public interface Availability {
  /**
   * Why the agent can't be run here, as a sentence for people that names no secret; empty when it
   * can.
   */
  Optional<String> missing(Agent agent);
}
