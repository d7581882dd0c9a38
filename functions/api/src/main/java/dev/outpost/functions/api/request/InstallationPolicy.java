package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.dispatch.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What this installation allows and can do; a request that goes beyond is refused, never silently
 * trimmed.
 *
 * @param repoSchemes how repositories may be reached
 * @param sizes the parts of a task's size that the platform enforces; a wish for another part could
 *     not be honoured
 * @param agents ids of the agents that may be dispatched to
 * @param usualStart how long after its acceptance a dispatch usually starts when a slot is free
 * @param told which statuses webhooks can be told of
 * @param localWebhooks whether webhooks may be told by plain http and on this machine: where all of
 *     it is one person's
 */
public record InstallationPolicy(
    Set<RepoScheme> repoSchemes,
    Set<SizeDimension> sizes,
    Set<String> agents,
    Duration usualStart,
    Set<Status> told,
    boolean localWebhooks) {
  /** Copies the sets. */
  public InstallationPolicy {
    repoSchemes = Set.copyOf(repoSchemes);
    sizes = Set.copyOf(sizes);
    agents = Set.copyOf(agents);
    told = Set.copyOf(told);
    Objects.requireNonNull(usualStart, "usualStart");
  }

  /** The ids of the agents that the catalogue has on, and of those switched on besides. */
  public static Set<String> agentsOn(Catalogue catalogue, Set<String> besides) {
    Set<String> on = new HashSet<>(besides);
    for (Agent agent : catalogue.agents()) {
      if (agent.enabled()) {
        on.add(agent.id());
      }
    }
    return on;
  }
}
