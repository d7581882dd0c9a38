package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.edge.Fields;
import dev.outpost.run.Context;
import java.util.List;
import java.util.Optional;

/** The agent, and what depends on it alone: its model and its preamble. */
final class AgentRule {
  private static final String AGENT = "agent";
  private static final String MODEL = "modelId";
  private static final String CONTEXT = "context";

  private final Catalogue catalogue;
  private final InstallationPolicy policy;

  AgentRule(Catalogue catalogue, InstallationPolicy policy) {
    this.catalogue = catalogue;
    this.policy = policy;
  }

  Optional<Agent> agent(Fields fields) {
    Optional<String> id = fields.text(AGENT);
    if (id.isEmpty()) {
      if (!fields.has(AGENT)) {
        fields.wrong(AGENT, "is missing; it must be one of " + choice());
      }
      return Optional.empty();
    }
    Optional<Agent> agent = catalogue.find(id.get());
    if (agent.isEmpty()) {
      fields.wrong(AGENT, "must be one of " + choice());
    } else if (!policy.agents().contains(id.get())) {
      fields.wrong(
          AGENT, id.get() + " is not enabled on this installation; enabled are " + choice());
    }
    return agent;
  }

  /** The model's id, aliases resolved; the agent's default where none is asked for. */
  static Optional<String> model(Fields fields, Optional<Agent> agent) {
    Optional<String> name = fields.text(MODEL);
    if (agent.isEmpty()) {
      return Optional.empty();
    }
    if (name.isEmpty()) {
      return agent.get().defaultModel();
    }
    if (agent.get().models().isEmpty()) {
      fields.wrong(MODEL, "must be left out: the agent " + agent.get().id() + " has no model");
      return Optional.empty();
    }
    Optional<String> model = agent.get().model(name.get());
    if (model.isEmpty()) {
      fields.wrong(
          MODEL,
          "must be one of the agent's models, "
              + String.join(", ", agent.get().models())
              + aliases(agent.get()));
    }
    return model;
  }

  /** The preamble's size, for an agent that takes one. */
  static Optional<Context> context(Fields fields, Optional<Agent> agent) {
    Optional<Context> context = Choice.read(fields, CONTEXT, Context.values());
    if (agent.isEmpty()) {
      return Optional.empty();
    }
    if (agent.get().takesContext()) {
      return Optional.of(context.orElse(Context.STANDARD));
    }
    if (context.isPresent()) {
      fields.wrong(CONTEXT, "must be left out: the agent " + agent.get().id() + " takes none");
    }
    return Optional.empty();
  }

  private static String aliases(Agent agent) {
    return agent.aliases().isEmpty()
        ? ""
        : ", or one of the aliases "
            + String.join(", ", agent.aliases().keySet().stream().sorted().toList());
  }

  private String choice() {
    List<String> on = catalogue.ids().stream().filter(policy.agents()::contains).toList();
    return String.join(", ", on);
  }
}
