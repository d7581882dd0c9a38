package dev.outpost.agent;

import java.util.Optional;
import java.util.Set;

/** Whether this installation can run an agent now. Safe for use by many threads. */
@FunctionalInterface
public interface Availability {
  /**
   * Why the agent can't be run here for a tenant that brings secrets of its own, as a sentence for
   * people that tells no secret; empty when it can.
   *
   * @param brought the names of the tenant's secrets
   */
  Optional<String> missing(Agent agent, Set<String> brought);

  /** The same for a tenant that brings nothing. */
  default Optional<String> missing(Agent agent) {
    return missing(agent, Set.of());
  }
}
