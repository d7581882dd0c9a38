package dev.outpost.functions.api;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent is available where the installation has its credentials. Only their names are known
 * here; the secrets themselves are none of this function's business. Immutable.
 */
public final class NamedCredentials implements Availability {
  private final Set<String> names;

  /** Of an installation that has the credentials of these names. */
  public NamedCredentials(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  @Override
  public Optional<String> missing(Agent agent, Set<String> brought) {
    List<String> missing =
        agent.secretNames().stream()
            .filter(name -> !names.contains(name) && !brought.contains(name))
            .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The agent "
                + agent.id()
                + " is not available: this installation has no "
                + String.join(", ", missing)
                + ", and you have not brought your own (PUT /secrets/"
                + missing.getFirst()
                + ").");
  }
}
