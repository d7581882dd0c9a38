package dev.outpost.agent;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The agents of an installation, in the order of the catalogue file. Immutable. */
public final class Catalogue {
  private final Map<String, Agent> agents;

  /** The catalogue of these agents; refuses two of one id. */
  public Catalogue(List<Agent> agents) {
    Map<String, Agent> byId = new LinkedHashMap<>();
    for (Agent agent : agents) {
      if (byId.put(agent.id(), agent) != null) {
        throw new IllegalArgumentException("the catalogue has two agents called " + agent.id());
      }
    }
    this.agents = byId;
  }

  /** The agent of that id, or empty. */
  public Optional<Agent> find(String id) {
    return Optional.ofNullable(agents.get(id));
  }

  /** The same agents, those named here with their models at another address. */
  public Catalogue with(Map<String, URI> upstreams) {
    return new Catalogue(
        agents.values().stream()
            .map(
                agent ->
                    agent
                        .provider()
                        .filter(_ -> upstreams.containsKey(agent.id()))
                        .map(provider -> agent.at(provider.at(upstreams.get(agent.id()))))
                        .orElse(agent))
            .toList());
  }

  /** All agents, in the file's order. */
  public List<Agent> agents() {
    return List.copyOf(agents.values());
  }

  /** All ids, in the file's order, for messages to people. */
  public List<String> ids() {
    return List.copyOf(agents.keySet());
  }
}
