package dev.outpost.claim;

import dev.outpost.agent.Agent;
import java.util.Map;

/** The secrets that agents need at their model's provider. Safe for use by many threads. */
@FunctionalInterface
public interface Credentials {
  /**
   * The secrets of {@link Agent#secretNames()}, by name. A credential that is missing is left out:
   * the agent, or its model's provider, will say so.
   */
  Map<String, String> of(Agent agent);
}
