package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Spec;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Refused;
import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All rules of a request for a dispatch, asked at once. Safe for use by many threads. */
public final class DispatchRules {
  private final AgentRule agentRule;
  private final WorkspaceRule workspaceRule;
  private final SizeRule sizeRule;
  private final InstantSource clock;

  /** The rules of an installation with that catalogue. */
  public DispatchRules(Catalogue catalogue, InstallationPolicy policy, InstantSource clock) {
    this.agentRule = new AgentRule(catalogue, policy);
    this.workspaceRule = new WorkspaceRule(policy);
    this.sizeRule = new SizeRule(policy);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * The request that the body makes.
   *
   * @param body the body's JSON
   * @param request the request it came with, for the header of the idempotency key
   * @param tier what the tenant may use
   * @throws Refused when a rule is broken; names every mistake
   */
  public DispatchRequest read(Map<?, ?> body, HttpRequest request, Tier tier) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    final Optional<Agent> agent = agentRule.agent(fields);
    final String task = TaskRule.read(fields);
    final Optional<String> model = AgentRule.model(fields, agent);
    final Workspace workspace = workspaceRule.read(fields);
    final Optional<Context> context = AgentRule.context(fields, agent);
    final Duration timeout = TimeoutRule.read(fields, tier);
    final List<String> secrets = SecretsRule.read(fields, agent.stream().toList());
    final Optional<String> key =
        IdempotencyRule.read(fields, request.header(IdempotencyRule.HEADER));
    final Map<String, String> tags = TagsRule.read(fields);
    final Optional<TaskSize> size = sizeRule.read(fields, agent);
    final Optional<Instant> expiresAt = ExpiryRule.read(fields, clock.instant());
    final Budget budget = BudgetRule.read(fields, agent, model);
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    Spec spec =
        new Spec(
            agent.orElseThrow().id(),
            model,
            task,
            fields.text("repo"),
            workspace,
            context,
            timeout,
            size,
            tags,
            expiresAt,
            budget,
            secrets);
    return new DispatchRequest(
        agent.orElseThrow(), spec, key.map(word -> new IdempotencyKey(word, PayloadHash.of(body))));
  }
}
