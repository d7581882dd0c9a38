package dev.outpost.edge;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.ModelProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where an installation wants its agents' model calls to go instead of the vendors' addresses, as
 * variables say: {@code OUTPOST_UPSTREAM_CLAUDE=https://models.example.com/anthropic}.
 */
public final class Upstreams {
  /** What the variables' names begin with; the agent's id in capitals follows, - as _. */
  public static final String PREFIX = "OUTPOST_UPSTREAM_";

  private Upstreams() {}

  /**
   * The catalogue with the addresses of these variables; others are left alone, an empty one counts
   * as absent.
   *
   * @throws IllegalArgumentException when a variable names no agent with a model, or no address
   */
  public static Catalogue applied(Catalogue catalogue, Map<String, String> variables) {
    Map<String, String> agents = new HashMap<>();
    for (Agent agent : catalogue.agents()) {
      if (agent.provider().isPresent()) {
        agents.put(PREFIX + agent.id().toUpperCase(Locale.ROOT).replace('-', '_'), agent.id());
      }
    }
    Map<String, URI> upstreams = new HashMap<>();
    variables.forEach(
        (name, value) -> {
          if (!name.startsWith(PREFIX) || value.isBlank()) {
            return;
          }
          String agent = agents.get(name);
          if (agent == null) {
            List<String> known = agents.keySet().stream().sorted().toList();
            throw new IllegalArgumentException(
                name + " names no agent with a model; known are " + String.join(", ", known));
          }
          try {
            upstreams.put(agent, address(value.strip()));
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " " + e.getMessage(), e);
          }
        });
    return catalogue.with(upstreams);
  }

  /**
   * The address of that text, without a slash at its end.
   *
   * @throws IllegalArgumentException when it is none; the message continues a sentence
   */
  static URI address(String text) {
    URI address;
    try {
      address = new URI(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be an http or https URL", e);
    }
    ModelProvider.flaw(address)
        .ifPresent(
            flaw -> {
              throw new IllegalArgumentException(flaw);
            });
    return address;
  }
}
