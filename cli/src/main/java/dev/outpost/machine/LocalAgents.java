package dev.outpost.machine;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import dev.outpost.claim.Credentials;
import dev.outpost.cli.agents.SearchPath;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agents as this machine has them: their programs on PATH, their credentials in the
 * environment. Safe for use by many threads.
 */
public final class LocalAgents implements Availability, Credentials {
  private final Map<String, String> environment;

  /** Looks into these variables, in production those of the process. */
  public LocalAgents(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Optional<String> missing(Agent agent, Set<String> brought) {
    return lack(agent, brought)
        .map(why -> "The agent " + agent.id() + " is not available: " + why + ".");
  }

  /** What the agent lacks here, as the end of a sentence. */
  public Optional<String> lack(Agent agent) {
    return lack(agent, Set.of());
  }

  private Optional<String> lack(Agent agent, Set<String> brought) {
    if (program(agent).isEmpty()) {
      return Optional.of(
          "its program '"
              + agent.command().getFirst()
              + "' is neither installed by ./outpost agents install nor on the PATH of ./outpost up");
    }
    return agent.secretNames().stream()
        .filter(name -> !brought.contains(name) && environment.getOrDefault(name, "").isBlank())
        .findFirst()
        .map(name -> name + " is not set in the environment of ./outpost up");
  }

  @Override
  public Map<String, String> of(Agent agent) {
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String name : agent.secretNames()) {
      String value = environment.getOrDefault(name, "");
      if (!value.isBlank()) {
        secrets.put(name, value);
      }
    }
    return secrets;
  }

  /** The agent's program, if it is here. */
  public Optional<Path> program(Agent agent) {
    return SearchPath.of(environment).find(agent.command().getFirst());
  }
}
