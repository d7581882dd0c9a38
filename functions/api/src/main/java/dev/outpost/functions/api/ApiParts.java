package dev.outpost.functions.api;

import dev.outpost.agent.Availability;
import dev.outpost.agent.Catalogue;
import dev.outpost.audit.Audit;
import dev.outpost.audit.AuditTrail;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Logs;
import dev.outpost.dispatch.Watch;
import dev.outpost.fleet.Endings;
import dev.outpost.functions.api.health.FleetHealth;
import dev.outpost.functions.api.health.Health;
import dev.outpost.functions.api.health.Version;
import dev.outpost.functions.api.request.DispatchRules;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.WebhookRules;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.promote.Promote;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Workspaces;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What the API stands on.
 *
 * @param dispatches the dispatches
 * @param queue where accepted ones are announced
 * @param logs what their runners print
 * @param artifacts what their runs leave
 * @param endings how they ended lately
 * @param catalogue the agents
 * @param availability which of them can run here
 * @param promote what pushes changes
 * @param secrets what tenants bring of their own
 * @param documents what tenants want all their agents to know
 * @param workspaces what is kept of their work trees
 * @param webhooks where tenants want to be told
 * @param deliveries what was told there
 * @param deliveryQueue where what is to be told again is announced
 * @param signing the secrets that sign it; asked for only when one must be shown, for in AWS it
 *     takes a call
 * @param audit who asked for what
 * @param policy what this installation allows
 * @param ids where new ids come from
 * @param pause how a waiting reader lets time pass
 * @param clock the time
 */
public record ApiParts(
    Dispatches dispatches,
    LaunchQueue queue,
    Logs logs,
    ArtifactStore artifacts,
    Endings endings,
    Catalogue catalogue,
    Availability availability,
    Promote promote,
    TenantSecrets secrets,
    ContextDocuments documents,
    Workspaces workspaces,
    Webhooks webhooks,
    Deliveries deliveries,
    DeliveryQueue deliveryQueue,
    Supplier<SigningSecrets> signing,
    AuditTrail audit,
    InstallationPolicy policy,
    dev.outpost.Ulids ids,
    Watch.Pause pause,
    InstantSource clock) {
  /** Refuses nulls. */
  public ApiParts {
    Objects.requireNonNull(dispatches, "dispatches");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(logs, "logs");
    Objects.requireNonNull(artifacts, "artifacts");
    Objects.requireNonNull(endings, "endings");
    Objects.requireNonNull(catalogue, "catalogue");
    Objects.requireNonNull(availability, "availability");
    Objects.requireNonNull(promote, "promote");
    Objects.requireNonNull(secrets, "secrets");
    Objects.requireNonNull(documents, "documents");
    Objects.requireNonNull(workspaces, "workspaces");
    Objects.requireNonNull(webhooks, "webhooks");
    Objects.requireNonNull(deliveries, "deliveries");
    Objects.requireNonNull(deliveryQueue, "deliveryQueue");
    Objects.requireNonNull(signing, "signing");
    Objects.requireNonNull(audit, "audit");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(clock, "clock");
  }

  /** The API of these parts, with all its routes. */
  Api api() {
    Watch watch = new Watch(dispatches, pause);
    Health health = new Health(Version.read(), dispatches, clock);
    FleetHealth fleet =
        new FleetHealth(catalogue, policy.agents(), availability, dispatches, endings, clock);
    CreateDispatch create =
        new CreateDispatch(
            new DispatchRules(catalogue, policy, clock),
            new BroughtSecrets(availability, secrets),
            dispatches,
            new WorkspaceRoom(workspaces, dispatches, clock),
            new Admit(dispatches, queue, ids, clock),
            policy.usualStart(),
            clock);
    ListDispatches list = new ListDispatches(dispatches);
    ReadDispatch read = new ReadDispatch(watch, dispatches, logs, clock);
    Cancel cancelling = new Cancel(dispatches, clock);
    CancelDispatch cancel = new CancelDispatch(cancelling);
    ReadGroup readGroup = new ReadGroup(dispatches);
    CancelGroup cancelGroup = new CancelGroup(dispatches, cancelling);
    ReadArtifacts readArtifacts = new ReadArtifacts(watch, artifacts, clock);
    PromoteDispatch promotion = new PromoteDispatch(promote);
    OwnSecretsEndpoints ownSecrets = new OwnSecretsEndpoints(secrets, clock);
    OwnContextEndpoints ownContext = new OwnContextEndpoints(documents, clock);
    WorkspaceEndpoints kept = new WorkspaceEndpoints(workspaces, dispatches, artifacts, clock);
    WebhookEndpoints hooks =
        new WebhookEndpoints(webhooks, new WebhookRules(policy), signing, ids, clock);
    DeliveryEndpoints told = new DeliveryEndpoints(webhooks, deliveries, deliveryQueue, clock);
    ListAudit listAudit = new ListAudit(audit);
    List<Route> routes = new ArrayList<>();
    for (RouteKey key : RouteKey.values()) {
      routes.add(
          switch (key) {
            case CREATE_DISPATCH -> new Route.Scoped(key, create);
            case LIST_DISPATCHES -> new Route.Scoped(key, list);
            case READ_DISPATCH -> new Route.Scoped(key, read);
            case CANCEL_DISPATCH -> new Route.Scoped(key, cancel);
            case READ_GROUP -> new Route.Scoped(key, readGroup);
            case CANCEL_GROUP -> new Route.Scoped(key, cancelGroup);
            case READ_ARTIFACTS -> new Route.Scoped(key, readArtifacts);
            case PROMOTE -> new Route.Scoped(key, promotion);
            case LIST_WORKSPACES -> new Route.Scoped(key, kept::list);
            case READ_WORKSPACE -> new Route.Scoped(key, kept::read);
            case DELETE_WORKSPACE -> new Route.Scoped(key, kept::delete);
            case LIST_SECRETS -> new Route.Scoped(key, ownSecrets::list);
            case PUT_SECRET -> new Route.Scoped(key, ownSecrets::put);
            case DELETE_SECRET -> new Route.Scoped(key, ownSecrets::delete);
            case READ_CONTEXT -> new Route.Scoped(key, ownContext::read);
            case PUT_CONTEXT -> new Route.Scoped(key, ownContext::put);
            case DELETE_CONTEXT -> new Route.Scoped(key, ownContext::delete);
            case CREATE_WEBHOOK -> new Route.Scoped(key, hooks::create);
            case LIST_WEBHOOKS -> new Route.Scoped(key, hooks::list);
            case READ_WEBHOOK -> new Route.Scoped(key, hooks::read);
            case DELETE_WEBHOOK -> new Route.Scoped(key, hooks::delete);
            case ROTATE_WEBHOOK -> new Route.Scoped(key, hooks::rotate);
            case ENABLE_WEBHOOK -> new Route.Scoped(key, hooks::enable);
            case LIST_DELIVERIES -> new Route.Scoped(key, told::list);
            case REPLAY_DELIVERY -> new Route.Scoped(key, told::replay);
            case LIST_AUDIT -> new Route.Scoped(key, listAudit);
            case HEALTH, HEALTH_READY -> new Route.Open(key, () -> checked(health.full()));
            case HEALTH_LIVE -> new Route.Open(key, () -> new Route.Report(200, health.live()));
            case HEALTH_FLEET -> new Route.Open(key, () -> new Route.Report(200, fleet.get()));
          });
    }
    return new Api(new Routes(routes), new Audit(audit, ids, clock), clock);
  }

  private static Route.Report checked(Map<String, Object> body) {
    return new Route.Report(Health.isHealthy(body) ? 200 : 503, body);
  }
}
