package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Spec;
import dev.outpost.edge.Fields;
import dev.outpost.run.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The agents, and what depends on them alone: their models and their preamble. */
final class AgentRule {
  private static final String AGENT = "agent";
  private static final String MODEL = "modelId";
  private static final String CONTEXT = "context";
  private static final String FALLBACK = "fallback";

  private final Catalogue catalogue;
  private final InstallationPolicy policy;

  AgentRule(Catalogue catalogue, InstallationPolicy policy) {
    this.catalogue = catalogue;
    this.policy = policy;
  }

  /**
   * The agents that the task is for, one or several; fewer where a name is wrong. A follow-up is
   * for its parent's unless it says otherwise.
   */
  List<Agent> agents(Fields fields, ParentRule parent) {
    if (fields.isList(AGENT)) {
      return several(fields, fields.list(AGENT).orElseThrow());
    }
    Optional<String> id = fields.text(AGENT);
    if (!fields.has(AGENT) && parent.named()) {
      id = parent.found().map(earlier -> earlier.spec().agent());
    } else if (!fields.has(AGENT)) {
      fields.wrong(AGENT, "is missing; it must be one of " + choice());
    }
    return id.flatMap(name -> known(fields, AGENT, name)).stream().toList();
  }

  private List<Agent> several(Fields fields, List<?> names) {
    if (names.size() < 2 || names.size() > Intake.MAX) {
      fields.wrong(
          AGENT,
          "must have 2 to "
              + Intake.MAX
              + " agents where it is a list; a single one is named by a string");
    }
    return distinct(fields, AGENT, names.subList(0, Math.min(names.size(), Intake.MAX)));
  }

  /** The agents of a list in which none may come twice. */
  private List<Agent> distinct(Fields fields, String field, List<?> names) {
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String path = field + "[" + i + "]";
      if (!(names.get(i) instanceof String name)) {
        fields.wrong(path, "must be a string");
      } else if (names.subList(0, i).contains(name)) {
        fields.wrong(path, "names the same agent again");
      } else {
        known(fields, path, name).ifPresent(agents::add);
      }
    }
    return agents;
  }

  /** The agents that stand by for a single one, in order. */
  List<Agent> fallback(Fields fields, List<Agent> agents) {
    List<?> names = fields.list(FALLBACK).orElse(List.of());
    if (names.size() > Spec.MAX_FALLBACK) {
      fields.wrong(FALLBACK, "must have at most " + Spec.MAX_FALLBACK + " agents");
      return List.of();
    }
    if (!names.isEmpty() && fields.isList(AGENT)) {
      fields.wrong(FALLBACK, "has no meaning where several agents get the task; leave it out");
    }
    List<Agent> standby = distinct(fields, FALLBACK, names);
    if (standby.stream().anyMatch(agents::contains)) {
      fields.wrong(FALLBACK, "names the agent that is tried first");
    }
    return standby;
  }

  private Optional<Agent> known(Fields fields, String path, String id) {
    Optional<Agent> agent = catalogue.find(id);
    if (agent.isEmpty()) {
      fields.wrong(path, "must be one of " + choice());
    } else if (!policy.agents().contains(id)) {
      fields.wrong(path, id + " is not enabled on this installation; enabled are " + choice());
    }
    return agent;
  }

  /**
   * The model's id for each agent by the agent's own, aliases resolved; the agent's default where
   * none is asked for. One agent has it as a string, several have an object of them.
   */
  static Map<String, Optional<String>> models(
      Fields fields, List<Agent> agents, ParentRule parent) {
    Map<String, Optional<String>> models = new HashMap<>();
    if (!fields.isList(AGENT)) {
      Optional<String> name = fields.text(MODEL);
      for (Agent agent : agents) {
        models.put(agent.id(), model(fields, MODEL, agent, name.or(() -> had(agent, parent))));
      }
      return models;
    }
    Map<?, ?> names = perAgent(fields);
    for (Agent agent : agents) {
      String path = MODEL + "." + agent.id();
      Optional<String> name =
          names.get(agent.id()) instanceof String given ? Optional.of(given) : Optional.empty();
      if (name.isEmpty() && names.get(agent.id()) != null) {
        fields.wrong(path, "must be a string");
      }
      models.put(agent.id(), model(fields, path, agent, name.or(() -> had(agent, parent))));
    }
    return models;
  }

  /** The model of the parent, where that was the same agent and still has it. */
  private static Optional<String> had(Agent agent, ParentRule parent) {
    return parent
        .found()
        .filter(earlier -> earlier.spec().agent().equals(agent.id()))
        .flatMap(earlier -> earlier.spec().model())
        .filter(agent.models()::contains);
  }

  private static Map<?, ?> perAgent(Fields fields) {
    if (fields.isText(MODEL)) {
      fields.wrong(
          MODEL, "must be an object where there are several agents: the model by the agent's name");
      return Map.of();
    }
    Map<?, ?> names = fields.map(MODEL).orElse(Map.of());
    List<?> agents = fields.list(AGENT).orElse(List.of());
    for (Map.Entry<?, ?> entry : names.entrySet()) {
      if (entry.getValue() != null && !agents.contains(entry.getKey())) {
        fields.wrong(MODEL, "names an agent that the task is not for");
      }
    }
    return names;
  }

  private static Optional<String> model(
      Fields fields, String path, Agent agent, Optional<String> name) {
    if (name.isEmpty()) {
      return agent.defaultModel();
    }
    if (agent.models().isEmpty()) {
      fields.wrong(path, "must be left out: the agent " + agent.id() + " has no model");
      return Optional.empty();
    }
    Optional<String> model = agent.model(name.get());
    if (model.isEmpty()) {
      fields.wrong(
          path,
          "must be one of the agent's models, "
              + String.join(", ", agent.models())
              + aliases(agent));
    }
    return model;
  }

  /** The preamble's size that is asked for; only agents that take one may be asked. */
  static Optional<Context> context(Fields fields, List<Agent> agents) {
    Optional<Context> context = Choice.read(fields, CONTEXT, Context.values());
    if (context.isPresent()) {
      agents.stream()
          .filter(agent -> !agent.takesContext())
          .findFirst()
          .ifPresent(
              agent ->
                  fields.wrong(
                      CONTEXT, "must be left out: the agent " + agent.id() + " takes none"));
    }
    return context;
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
