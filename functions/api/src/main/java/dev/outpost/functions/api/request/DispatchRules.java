package dev.outpost.functions.api.request;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
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
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

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

  /** The idempotency key of a request that may break other rules; empty when it has none. */
  public static Optional<IdempotencyKey> key(Map<?, ?> body, HttpRequest request) {
    List<FieldError> mistakes = new ArrayList<>();
    Optional<String> key =
        IdempotencyRule.read(new Fields(body, mistakes), request.header(IdempotencyRule.HEADER));
    return key.filter(_ -> mistakes.isEmpty()).map(word -> key(word, body));
  }

  private static IdempotencyKey key(String word, Map<?, ?> body) {
    return new IdempotencyKey(word, PayloadHash.of(body));
  }

  /**
   * The request that the body makes.
   *
   * @param body the body's JSON
   * @param request the request it came with, for the header of the idempotency key
   * @param tenantId whose it is
   * @param tier what the tenant may use
   * @param mine finds a dispatch of the tenant
   * @param brought the names of the tenant's secrets; asked for only when the request names some
   * @throws Refused when a rule is broken, naming every mistake; or when the parent of a follow-up
   *     is not there or can't be continued
   */
  public DispatchRequest read(
      Map<?, ?> body,
      HttpRequest request,
      TenantId tenantId,
      Tier tier,
      Function<DispatchId, Optional<Dispatch>> mine,
      Supplier<Set<String>> brought)
      throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    final ParentRule parent = ParentRule.read(fields, mine);
    final List<Agent> agents = agentRule.agents(fields, parent);
    final List<Agent> standby = agentRule.fallback(fields, agents);
    final List<Agent> all = Stream.concat(agents.stream(), standby.stream()).toList();
    final String task = TaskRule.read(fields);
    final Map<String, Optional<String>> models = AgentRule.models(fields, agents, parent);
    final Workspace workspace =
        parent.found().isPresent()
            ? workspaceRule.read(fields, parent.found().get())
            : workspaceRule.read(fields);
    final Optional<Booking> booking = WorkspaceRule.booking(fields, tenantId, workspace, parent);
    final Optional<Context> context = AgentRule.context(fields, all);
    final Duration timeout = TimeoutRule.read(fields, tier);
    final List<String> secrets = SecretsRule.read(fields, all, brought);
    final Optional<String> key =
        IdempotencyRule.read(fields, request.header(IdempotencyRule.HEADER));
    final Map<String, String> tags = TagsRule.read(fields);
    final Map<String, TaskSize> sizes = sizeRule.read(fields, agents);
    final Optional<Instant> expiresAt = ExpiryRule.read(fields, clock.instant());
    final Optional<String> outputSchema = OutputSchemaRule.read(fields);
    final Budget budget = BudgetRule.read(fields, all, models);
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    parent.check(clock.instant());
    List<Spec> specs = new ArrayList<>();
    for (Agent agent : agents) {
      specs.add(
          new Spec(
              agent.id(),
              models.get(agent.id()),
              task,
              parent.found().map(earlier -> earlier.spec().repo()).orElse(fields.text("repo")),
              workspace,
              agent.takesContext()
                  ? Optional.of(context.orElse(Context.STANDARD))
                  : Optional.empty(),
              timeout,
              Optional.ofNullable(sizes.get(agent.id())),
              tags,
              expiresAt,
              budget,
              parent.found().map(Dispatch::id),
              standby.stream().map(Agent::id).toList(),
              outputSchema,
              secrets,
              booking));
    }
    return new DispatchRequest(all, specs, key.map(word -> key(word, body)));
  }
}
