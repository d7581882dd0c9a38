package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.InstallationKey;
import dev.outpost.Ulids;
import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.Envelope;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedTenantSecrets;
import dev.outpost.eventbridge.EventBridgeLifecycle;
import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.api.ApiParts;
import dev.outpost.functions.api.promote.GithubPullRequests;
import dev.outpost.functions.api.promote.JgitBranches;
import dev.outpost.functions.api.promote.UrlContent;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.functions.api.request.SizeDimension;
import dev.outpost.functions.authorizer.Authorize;
import dev.outpost.functions.authorizer.AuthorizerFunction;
import dev.outpost.functions.launcher.LauncherFunction;
import dev.outpost.functions.reconciler.ReconcilerFunction;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.taskevents.TaskEventsFunction;
import dev.outpost.functions.webhooks.HttpEndpoints;
import dev.outpost.functions.webhooks.Reach;
import dev.outpost.functions.webhooks.WebhooksFunction;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.promote.Promote;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.GitTokens;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Announce;
import dev.outpost.webhook.Deliver;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Retry;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Workspaces;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;

/**
 * Outpost on one machine: the deployed functions in one process, with stand-ins of the services
 * around them. No function knows that it is local.
 *
 * <p>This class is the picture of the whole: what the CDK app wires in AWS is wired here.
 */
final class Machine implements AutoCloseable {
  private static final String STAGE = "local";
  private static final String BUS = "outpost-" + STAGE;

  /** The rule of task events, as it is deployed. */
  static final String TASK_EVENTS_PATTERN =
      "{\"source\":[\""
          + TaskEvents.SOURCE
          + "\"],\"detail-type\":[\""
          + TaskEvents.DETAIL_TYPE
          + "\"]}";

  /** The rule that the machine's owner listens by. */
  private static final String LIFECYCLE_PATTERN =
      "{\"source\":[\"" + EventBridgeLifecycle.SOURCE + "\"]}";

  /** A dispatch starts within a second here when a slot is free. */
  private static final Duration USUAL_START = Duration.ofSeconds(1);

  /**
   * Batches of the launch queue at the same time: RunTask is a process start, and there are few
   * cores.
   */
  private static final int LAUNCHERS = 4;

  private static final int TASK_EVENT_READERS = 2;

  /** It is one person's, whose tasks may speak to all that listens here as well. */
  private static final Reach WEBHOOKS = Reach.THIS_MACHINE_TOO;

  /** Messages of one call, where none of them waits for anybody outside. */
  private static final int BATCH = 10;

  /** An endpoint may take a third of the time for which its message is hidden: one at a time. */
  private static final int DELIVERIES = 1;

  /** Endpoints that take their time hold up each other no more than this. */
  private static final int DELIVERERS = 4;

  private static final int BACKLOG = 1024;

  private final HttpServer server;
  private final ExecutorService requests;
  private final EventSources sources;
  private final ProcessEcs ecs;
  private final Backend backend;
  private final String url;

  private Machine(
      HttpServer server,
      ExecutorService requests,
      EventSources sources,
      ProcessEcs ecs,
      Backend backend,
      String url) {
    this.server = server;
    this.requests = requests;
    this.sources = sources;
    this.ecs = ecs;
    this.backend = backend;
    this.url = url;
  }

  /**
   * Starts a machine on that backend, which it closes with itself.
   *
   * @param store what the stand-in of ECS keeps its tasks in; remains the caller's
   * @throws java.net.BindException when the port is taken
   */
  static Machine start(MachineConfig config, Backend backend, EmbeddedStore store)
      throws IOException {
    // Without this each small answer waits for the client's delayed acknowledgement, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port()), BACKLOG);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    InstantSource clock = config.clock();
    byte[] key = config.data().key();

    Catalogue catalogue = CatalogueFile.packaged(config.environment());
    LocalAgents agents = new LocalAgents(config.environment());
    RunTokens tokens = new RunTokens(new InstallationKey(key));
    SigningSecrets signing = new SigningSecrets(new InstallationKey(key));
    Webhooks webhooks = backend.webhooks();
    Deliveries deliveries = backend.deliveries();
    DeliveryQueue attempts = backend.deliveryQueue();
    SignedFiles objects = new SignedFiles(config.data().path().resolve("objects"), url, key, clock);
    Dispatches dispatches = backend.dispatches();
    Tenants tenants = backend.tenants();
    LaunchQueue queue = backend.launchQueue();
    WakeWaiting wakeWaiting = new WakeWaiting(dispatches, tenants, queue, clock);
    LocalEventBridge events =
        new LocalEventBridge(
            List.of(
                new LocalEventBridge.Rule(
                    LocalEventBridge.DEFAULT_BUS, TASK_EVENTS_PATTERN, backend::sendTaskEvent),
                new LocalEventBridge.Rule(BUS, LIFECYCLE_PATTERN, config.listener())),
            clock);
    ProcessEcs ecs = processEcs(config, catalogue, events, store);
    Runs runs = new EcsRuns(ecs, ecsConfig(url), clock);

    String gitHost = variable(config, "OUTPOST_GIT_HOST").orElse(HostTokens.GITHUB);
    TenantSecrets tenantSecrets = EmbeddedTenantSecrets.inFile(config.data().tenantSecrets());
    HostTokens gitTokens =
        new HostTokens(gitHost, tenantSecrets, () -> variable(config, GitTokens.NAME));
    ContextDocuments documents = backend.contextDocuments();
    Workspaces workspaces = backend.workspaces();
    ApiFunction api =
        new ApiFunction(
            new ApiParts(
                dispatches,
                queue,
                new ProcessLogs(config.data().path().resolve("logs")),
                objects,
                backend.endings(),
                catalogue,
                agents,
                new Promote(
                    dispatches,
                    objects,
                    new UrlContent(),
                    new JgitBranches(Files.createDirectories(config.data().path().resolve("tmp"))),
                    GithubPullRequests.of(gitHost),
                    gitTokens),
                tenantSecrets,
                documents,
                workspaces,
                webhooks,
                deliveries,
                attempts,
                () -> signing,
                backend.audit(),
                new InstallationPolicy(
                    EnumSet.allOf(RepoScheme.class),
                    Set.of(SizeDimension.MEMORY),
                    InstallationPolicy.agentsOn(catalogue, Set.of("script")),
                    USUAL_START,
                    EnumSet.allOf(Status.class),
                    WEBHOOKS == Reach.THIS_MACHINE_TOO),
                new Ulids(clock),
                Machine::sleep,
                clock));
    RunnerFunction gateway =
        new RunnerFunction(
            new ClaimJob(
                dispatches,
                tokens,
                catalogue,
                new Supplies(agents, tenantSecrets, gitTokens, documents),
                objects,
                workspaces,
                config.grace(),
                config.reportEvery(),
                clock),
            new HearReport(dispatches, tokens, objects, workspaces, clock),
            new Envelope(clock));

    List<Route> routes = new ArrayList<>();
    api.routes().forEach(r -> routes.add(new Route(r.key(), r.authorised(), "api", api)));
    for (String path : RunnerFunction.ROUTES) {
      routes.add(new Route(path, false, "runner", gateway));
    }
    AuthorizerFunction authorizer = new AuthorizerFunction(new Authorize(backend.apiKeys(), clock));
    ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(requests);
    server.createContext(
        "/", new HttpFront(authorizer, routes, new Route("$default", true, "api", api), clock));
    server.createContext(SignedFiles.PATH, objects);

    EventSources sources = new EventSources();
    LauncherFunction launcher =
        new LauncherFunction(new Advance(dispatches, tenants, runs, queue, tokens, clock));
    if (config.launches()) {
      sources.queue("launcher", backend.launchMessages(), launcher, BATCH, LAUNCHERS);
    }
    sources.queue(
        "taskevents",
        backend.taskEvents(),
        new TaskEventsFunction(dispatches),
        BATCH,
        TASK_EVENT_READERS);
    Tell tell =
        new Tell(
            dispatches,
            new Announce(webhooks, deliveries, attempts, clock),
            new EventBridgeLifecycle(events, BUS),
            new FallBack(dispatches, tenants, catalogue, queue),
            EnumSet.allOf(Status.class),
            clock);
    sources.stream(
        "relay",
        backend.changes(),
        new RelayFunction(new Relay(queue, wakeWaiting, tell, backend.endings())));
    sources.schedule(
        "reconciler",
        config.reconcileEvery(),
        new ReconcilerFunction(
            new Reconcile(
                dispatches,
                runs,
                queue,
                wakeWaiting,
                tell,
                new Retry(deliveries, attempts),
                clock)));
    sources.queue(
        "webhooks",
        backend.deliveryMessages(),
        new WebhooksFunction(
            new Deliver(webhooks, deliveries, new HttpEndpoints(signing, WEBHOOKS), clock)),
        DELIVERIES,
        DELIVERERS);
    server.start();
    prime(launcher, runs, clock);
    return new Machine(server, requests, sources, ecs, backend, url);
  }

  /**
   * Lets the launcher look at a dispatch that does not exist: whatever it does for the first time
   * would else be paid by the first dispatch. Nothing is read but the store, and nothing is
   * written.
   */
  private static void prime(LauncherFunction launcher, Runs runs, InstantSource clock) {
    var _ =
        Thread.ofVirtual()
            .name("prime")
            .start(
                () -> {
                  SQSMessage message = new SQSMessage();
                  message.setMessageId("prime");
                  message.setBody(
                      Json.write(Map.of("dispatchId", DispatchId.next(new Ulids(clock)).value())));
                  SQSEvent event = new SQSEvent();
                  event.setRecords(List.of(message));
                  var _ =
                      launcher.handleRequest(event, LocalLogger.invocation("launcher", "prime"));
                  var _ = runs.taskDefinition("script");
                });
  }

  private static ProcessEcs processEcs(
      MachineConfig config, Catalogue catalogue, LocalEventBridge events, EmbeddedStore store) {
    Map<String, LocalTaskDefinition> definitions = new HashMap<>();
    for (Agent agent : catalogue.agents()) {
      definitions.put(
          "outpost-" + agent.id() + "-" + STAGE,
          new LocalTaskDefinition(agent.size().cpuUnits(), agent.size().memoryMb(), 1));
    }
    ProcessEcs.Settings settings =
        new ProcessEcs.Settings(
            config.data().path(),
            config.runnerCommand(),
            config.environment(),
            definitions,
            ProcessEcs.STOP_TIMEOUT,
            Long.MAX_VALUE);
    return new ProcessEcs(
        store, settings, event -> events.put(LocalEventBridge.DEFAULT_BUS, event), config.clock());
  }

  private static EcsConfig ecsConfig(String url) {
    return new EcsConfig(
        STAGE,
        URI.create(url),
        "outpost",
        List.of(),
        List.of(),
        false,
        Optional.empty(),
        List.of());
  }

  private static Optional<String> variable(MachineConfig config, String name) {
    return Optional.ofNullable(config.environment().get(name)).filter(value -> !value.isBlank());
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where it answers. */
  String url() {
    return url;
  }

  /** How many tasks have not stopped: they go on when this machine stops. */
  int tasksAlive() {
    return ecs.listTasks(tasks -> tasks.cluster("outpost").desiredStatus(DesiredStatus.RUNNING))
        .taskArns()
        .size();
  }

  /** What it keeps its state in. */
  Backend backend() {
    return backend;
  }

  /**
   * Stops it: requests that are being answered are, batches that are being worked on are finished.
   * Tasks go on, as they would in AWS, and are adopted by the next start.
   */
  @Override
  public void close() {
    server.stop(1);
    requests.shutdownNow();
    sources.close();
    ecs.close();
    backend.close();
  }
}
