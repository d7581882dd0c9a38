package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.edge.Fields;
import dev.outpost.run.Budget;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the run may consume at its model's provider. It is asked for only where it can be enforced:
 * by an agent whose model calls pass the gateway, and in dollars only for a model with a price.
 */
final class BudgetRule {
  private static final String COST = "maxCostUsd";
  private static final String TOKENS = "maxTokens";

  private BudgetRule() {}

  /**
   * The budget of each dispatch that comes of the request.
   *
   * @param agents all who may work on it
   * @param models the model of each by its id; who stands by has its default
   */
  static Budget read(Fields fields, List<Agent> agents, Map<String, Optional<String>> models) {
    OptionalDouble cost = fields.decimal(COST);
    OptionalInt tokens = fields.integer(TOKENS);
    final int before = fields.mistakes();
    if (cost.isPresent() && !(cost.getAsDouble() > 0)) {
      fields.wrong(COST, "must be more than 0");
    } else if (cost.isPresent() && cost.getAsDouble() > Budget.LARGEST_COST) {
      fields.wrong(COST, "must be at most " + Budget.LARGEST_COST);
    }
    if (tokens.isPresent() && tokens.getAsInt() < Budget.LEAST_TOKENS) {
      fields.wrong(TOKENS, "must be at least " + Budget.LEAST_TOKENS);
    }
    for (Agent agent : agents) {
      if (fields.mistakes() == before) {
        enforceable(fields, agent, models.getOrDefault(agent.id(), agent.defaultModel()));
      }
    }
    return fields.mistakes() > before
        ? Budget.NONE
        : new Budget(
            cost, tokens.isPresent() ? OptionalLong.of(tokens.getAsInt()) : OptionalLong.empty());
  }

  private static void enforceable(Fields fields, Agent agent, Optional<String> model) {
    for (String name : new String[] {COST, TOKENS}) {
      if (fields.has(name) && agent.provider().isEmpty()) {
        fields.wrong(
            name,
            "must be left out: what the agent "
                + agent.id()
                + " consumes is not metered, so that no bound can be kept");
      }
    }
    if (fields.has(COST) && agent.provider().isPresent() && !isPriced(agent, model)) {
      fields.wrong(
          COST,
          "must be left out: the catalogue has no price of "
              + model.orElse("the agent's model")
              + "; give "
              + TOKENS);
    }
  }

  private static boolean isPriced(Agent agent, Optional<String> model) {
    return model
        .flatMap(name -> agent.provider().flatMap(provider -> provider.prices().of(name)))
        .isPresent();
  }
}
