package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.dispatch.Spec;
import dev.outpost.edge.Fields;
import dev.outpost.tenant.SecretName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The tenant's secrets that the agent is to have, by their names. In AWS a call tells which those
 * are, so they are asked for only when a name needs it.
 */
final class SecretsRule {
  private static final String NAME = "additionalSecrets";

  private SecretsRule() {}

  /** How a mistake at one of the names is placed. */
  private static String place(int index) {
    return NAME + "[" + index + "]";
  }

  static List<String> read(Fields fields, List<Agent> agents, Supplier<Set<String>> brought) {
    List<?> given = fields.list(NAME).orElse(List.of());
    if (given.size() > Spec.MAX_SECRETS) {
      fields.wrong(
          NAME, "must have at most " + Spec.MAX_SECRETS + " names; it has " + given.size());
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Optional<String> flaw =
          given.get(i) instanceof String name
              ? flaw(name, names, agents).or(() -> lacking(name, brought))
              : Optional.of("must be the name of a secret, never a value");
      if (flaw.isPresent()) {
        fields.wrong(place(i), flaw.get());
      } else {
        names.add((String) given.get(i));
      }
    }
    return names;
  }

  private static Optional<String> lacking(String name, Supplier<Set<String>> brought) {
    return brought.get().contains(name)
        ? Optional.empty()
        : Optional.of("names no secret of yours; bring it by PUT /secrets/" + name);
  }

  private static Optional<String> flaw(String name, List<String> before, List<Agent> agents) {
    if (before.contains(name)) {
      return Optional.of("is there already");
    }
    for (Agent agent : agents) {
      // Its key to the model is a stand-in that must not be replaced; the real one is not for it.
      if (agent.environment().containsKey(name) || agent.secretNames().contains(name)) {
        return Optional.of(
            "must be left out: the agent " + agent.id() + " gets its " + name + " without it");
      }
    }
    return SecretName.flaw(name);
  }
}
