package dev.outpost.simulation;

import dev.outpost.InstallationKey;
import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.audit.AuditTrail;
import dev.outpost.audit.AuditedTenants;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.Credentials;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Watch;
import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoAuditTrail;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDeliveries;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoSecretMarks;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.DynamoWebhooks;
import dev.outpost.dynamodb.DynamoWorkspaces;
import dev.outpost.dynamodb.Pauses;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.start.Invocation;
import dev.outpost.eventbridge.EventBridgeLifecycle;
import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.api.ApiParts;
import dev.outpost.functions.api.logs.CloudWatchLogs;
import dev.outpost.functions.api.promote.GithubPullRequests;
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
import dev.outpost.functions.webhooks.WebhooksFunction;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.promote.Branches;
import dev.outpost.promote.Promote;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.secrets.Secrets;
import dev.outpost.secrets.SecretsManagerTenantSecrets;
import dev.outpost.simulation.aws.FilledSecrets;
import dev.outpost.sqs.SqsDeliveryQueue;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.MarkedSecrets;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.Tenants;
import dev.outpost.webhook.Announce;
import dev.outpost.webhook.Deliver;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Endpoints;
import dev.outpost.webhook.Retry;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.Workspaces;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One execution environment of each function: the real handlers on the real adapters, wired as they
 * are deployed, with a clock of their own and a wire to each service.
 */
final class Functions {
  static final String STAGE = "sim";
  static final String CLUSTER = "outpost-" + STAGE;
  static final String BUS = "outpost-" + STAGE;
  static final String LOG_GROUP = "/outpost/" + STAGE + "/agents";
  static final String BUCKET = "outpost-artifacts-" + STAGE;

  /** Where URLs of that bucket begin. */
  static final String OBJECTS = "https://artifacts.simulated/";

  /** The agents that are dispatched to: what the first fails at, the second may be given. */
  static final List<String> AGENTS = List.of("script", "claude");

  static final Duration GRACE = Duration.ofSeconds(30);
  static final Duration REPORT_EVERY = Duration.ofSeconds(20);

  /** What an agent needs at its model's provider; no table may ever hold it. */
  static final String CREDENTIAL = "sk-simulated-credential-of-the-installation";

  /** Histories promote nothing: what that needs is another service's. */
  private static final Failure NO_HOST =
      new Failure(Cause.PUSH_FAILED, "There is no repository in a simulation.");

  private static final Duration USUAL_START = Duration.ofSeconds(45);

  final AuthorizerFunction authorizer;
  final ApiFunction api;
  final RunnerFunction runner;
  final LauncherFunction launcher;
  final TaskEventsFunction taskEvents;
  final RelayFunction relay;
  final ReconcilerFunction reconciler;
  final WebhooksFunction deliverer;
  final Tenants tenants;
  final Webhooks webhooks;

  /**
   * Where secrets come from.
   *
   * @param installation the installation's credentials of agents
   * @param tenants the tenants' own
   * @param git the installation's token for repositories
   */
  record Keys(Credentials installation, TenantSecrets tenants, Supplier<Optional<String>> git) {}

  /**
   * What the functions of one execution environment are given.
   *
   * @param logs what the API reads logs from; not heard, as the names are not those of a stage
   * @param objects what the API removes archives from; not heard either
   * @param launchQueue the URL of the launch queue
   * @param deliveryQueueUrl that of the queue of deliveries
   * @param endpoints what webhooks tell
   * @param keys what runs are given of secrets
   * @param published which statuses the relay publishes
   * @param reportEvery how often runners report
   * @param pauses how a call waits before it is made again
   * @param pause how a long poll waits
   * @param listener who hears each function's calls, if anybody
   */
  record Given(
      DynamoDbClient dynamo,
      SqsClient sqs,
      EcsClient ecs,
      EventBridgeClient bus,
      CloudWatchLogsClient logs,
      S3Client objects,
      String launchQueue,
      String deliveryQueueUrl,
      Endpoints endpoints,
      RunTokens tokens,
      Keys keys,
      Catalogue catalogue,
      String subnet,
      Set<Status> published,
      Duration reportEvery,
      RandomGenerator random,
      Pauses pauses,
      Watch.Pause pause,
      InstantSource clock,
      Optional<CallListener> listener) {
    /** The same, with clients on which that function's calls are heard. */
    Given to(String function) {
      if (listener.isEmpty()) {
        return this;
      }
      Wire heard =
          (_, request, effect) -> {
            listener.get().called(function, request);
            return effect.get();
          };
      return new Given(
          heard.to(DynamoDbClient.class, dynamo),
          heard.to(SqsClient.class, sqs),
          heard.to(EcsClient.class, ecs),
          heard.to(EventBridgeClient.class, bus),
          logs,
          objects,
          launchQueue,
          deliveryQueueUrl,
          endpoints,
          tokens,
          keys,
          catalogue,
          subnet,
          published,
          reportEvery,
          random,
          pauses,
          pause,
          clock,
          listener);
    }

    Dispatches dispatches() {
      return new DynamoDispatches(dynamo, STAGE, pauses);
    }

    Tenants tenants() {
      return new DynamoTenants(dynamo, STAGE, pauses);
    }

    LaunchQueue queue() {
      return new SqsLaunchQueue(sqs, launchQueue);
    }

    Webhooks webhooks() {
      return new DynamoWebhooks(dynamo, STAGE, pauses);
    }

    Deliveries deliveries() {
      return new DynamoDeliveries(dynamo, STAGE, pauses);
    }

    DeliveryQueue deliveryQueue() {
      return new SqsDeliveryQueue(sqs, deliveryQueueUrl);
    }

    DynamoEndings endings() {
      return new DynamoEndings(dynamo, STAGE, pauses);
    }

    Workspaces workspaces() {
      return new DynamoWorkspaces(dynamo, STAGE, pauses);
    }

    ContextDocuments documents() {
      return new DynamoContextDocuments(dynamo, STAGE, pauses);
    }

    Runs runs() {
      return new EcsRuns(ecs, config(subnet), clock);
    }

    AuditTrail audit() {
      return new DynamoAuditTrail(dynamo, STAGE, pauses);
    }

    /** As an operator changes them. */
    Tenants audited(Tenants plain) {
      return new AuditedTenants(plain, audit(), new Ulids(clock, random), clock);
    }

    WakeWaiting wakeWaiting() {
      return new WakeWaiting(dispatches(), tenants(), queue(), clock);
    }

    Tell tell() {
      return new Tell(
          dispatches(),
          new Announce(webhooks(), deliveries(), deliveryQueue(), clock),
          new EventBridgeLifecycle(bus, BUS),
          new FallBack(dispatches(), tenants(), catalogue, queue()),
          published,
          clock);
    }
  }

  /** A queue's name as the deployment has it. */
  static String queueName(String id) {
    return "outpost-" + id + "-" + STAGE;
  }

  /** The family of an agent's task definitions. */
  static String family(String agent) {
    return "outpost-" + agent + "-" + STAGE;
  }

  Functions(World world, Catalogue catalogue, InstantSource clock, String subnet) {
    this(
        new Given(
            new AwsWire(Service.DYNAMODB, world).to(DynamoDbClient.class, world.dynamo()),
            new AwsWire(Service.SQS, world).to(SqsClient.class, world.sqs()),
            new AwsWire(Service.ECS, world).to(EcsClient.class, world.ecs()),
            new AwsWire(Service.EVENTBRIDGE, world).to(EventBridgeClient.class, world.bus()),
            new AwsWire(Service.LOGS, world).to(CloudWatchLogsClient.class, world.logs()),
            new AwsWire(Service.S3, world).to(S3Client.class, world.objects()),
            world.launchQueue(),
            world.deliveryQueue(),
            world.listeners(),
            world.tokens(),
            keys(world, clock),
            catalogue,
            subnet,
            EnumSet.allOf(Status.class),
            REPORT_EVERY,
            world.chance().generator(),
            longest -> {
              world.timeline().sleep(world.chance().upTo(longest));
              return true;
            },
            time -> world.timeline().sleep(time),
            clock,
            world.listener()));
  }

  /** Secrets Manager is asked as the deployed function asks it, and fails as the others do. */
  private static Keys keys(World world, InstantSource clock) {
    SecretsManagerClient manager =
        new AwsWire(Service.SECRETS_MANAGER, world)
            .to(SecretsManagerClient.class, new FilledSecrets(CREDENTIAL));
    return keys(
        manager,
        new AwsWire(Service.DYNAMODB, world).to(DynamoDbClient.class, world.dynamo()),
        clock);
  }

  /** What runs are given, from Secrets Manager and the marks that say which tenant has any. */
  static Keys keys(SecretsManagerClient manager, DynamoDbClient dynamo, InstantSource clock) {
    Secrets installation = new Secrets(manager, STAGE, clock);
    return new Keys(
        installation,
        new MarkedSecrets(
            new SecretsManagerTenantSecrets(manager, STAGE), new DynamoSecretMarks(dynamo, STAGE)),
        installation::gitToken);
  }

  Functions(Given given) {
    InstantSource clock = given.clock();
    Catalogue catalogue = given.catalogue();
    RunTokens tokens = given.tokens();
    ArtifactStore artifacts = new Urls(given.objects());
    tenants = given.audited(given.tenants());
    webhooks = given.webhooks();

    authorizer =
        new AuthorizerFunction(
            new Authorize(
                new DynamoApiKeys(given.to("authorizer").dynamo(), STAGE, given.pauses()), clock));
    TenantSecrets secrets = given.keys().tenants();
    HostTokens gitTokens = new HostTokens(HostTokens.GITHUB, secrets, given.keys().git());
    Given ofApi = given.to("api");
    api =
        new ApiFunction(
            new ApiParts(
                ofApi.dispatches(),
                ofApi.queue(),
                new CloudWatchLogs(given.logs(), STAGE, catalogue.ids(), clock),
                artifacts,
                ofApi.endings(),
                catalogue,
                (_, _) -> Optional.empty(),
                new Promote(
                    ofApi.dispatches(),
                    artifacts,
                    url -> () -> InputStream.nullInputStream(),
                    _ -> new Branches.Push.Failed(NO_HOST),
                    GithubPullRequests.of(HostTokens.GITHUB),
                    gitTokens),
                secrets,
                ofApi.documents(),
                ofApi.workspaces(),
                ofApi.webhooks(),
                ofApi.deliveries(),
                ofApi.deliveryQueue(),
                () -> new SigningSecrets(new InstallationKey(new byte[InstallationKey.MIN_BYTES])),
                ofApi.audit(),
                new InstallationPolicy(
                    Set.of(RepoScheme.HTTPS),
                    EnumSet.allOf(SizeDimension.class),
                    InstallationPolicy.agentsOn(catalogue, Set.copyOf(AGENTS)),
                    USUAL_START,
                    given.published(),
                    false),
                new Ulids(clock, given.random()),
                given.pause(),
                clock));
    Given ofRunner = given.to("runner");
    runner =
        new RunnerFunction(
            new ClaimJob(
                ofRunner.dispatches(),
                tokens,
                catalogue,
                new Supplies(given.keys().installation(), secrets, gitTokens, ofRunner.documents()),
                artifacts,
                ofRunner.workspaces(),
                GRACE,
                given.reportEvery(),
                clock),
            new HearReport(ofRunner.dispatches(), tokens, artifacts, ofRunner.workspaces(), clock),
            new Envelope(clock));
    Given ofLauncher = given.to("launcher");
    launcher =
        new LauncherFunction(
            new Advance(
                ofLauncher.dispatches(),
                ofLauncher.tenants(),
                ofLauncher.runs(),
                ofLauncher.queue(),
                tokens,
                clock));
    taskEvents = new TaskEventsFunction(given.to("taskevents").dispatches());
    Given ofRelay = given.to("relay");
    relay =
        new RelayFunction(
            new Relay(ofRelay.queue(), ofRelay.wakeWaiting(), ofRelay.tell(), ofRelay.endings()));
    Given ofReconciler = given.to("reconciler");
    reconciler =
        new ReconcilerFunction(
            new Reconcile(
                ofReconciler.dispatches(),
                ofReconciler.runs(),
                ofReconciler.queue(),
                ofReconciler.wakeWaiting(),
                ofReconciler.tell(),
                new Retry(ofReconciler.deliveries(), ofReconciler.deliveryQueue()),
                clock));
    Given ofDeliverer = given.to("webhooks");
    deliverer =
        new WebhooksFunction(
            new Deliver(
                ofDeliverer.webhooks(), ofDeliverer.deliveries(), given.endpoints(), clock));
  }

  /** An invocation of a function; what it logs goes nowhere. */
  static Invocation invocation(String functionName) {
    return new Invocation(functionName, "simulated", Invocation.SILENCE);
  }

  private static EcsConfig config(String subnet) {
    return new EcsConfig(
        STAGE,
        URI.create("https://api.simulated"),
        CLUSTER,
        List.of(subnet),
        List.of("sg-1"),
        false,
        Optional.empty(),
        List.of());
  }

  /**
   * Presigning is no call to AWS; a name for the object is all that the simulation needs. A removal
   * is one, and fails as the real store's does.
   */
  private static final class Urls implements ArtifactStore {
    private final S3Client objects;

    private Urls(S3Client objects) {
      this.objects = objects;
    }

    @Override
    public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return OBJECTS + ArtifactStore.key(dispatch, type);
    }

    @Override
    public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return uploadUrl(dispatch, type, validFor);
    }

    @Override
    public String uploadUrl(KeptWorkspace workspace, Duration validFor) {
      return OBJECTS + workspace.archiveKey();
    }

    @Override
    public String downloadUrl(KeptWorkspace workspace, Duration validFor) {
      return uploadUrl(workspace, validFor);
    }

    @Override
    public void remove(KeptWorkspace workspace) {
      try {
        objects.deleteObject(delete -> delete.bucket(BUCKET).key(workspace.archiveKey()));
      } catch (SdkException e) {
        throw new IllegalStateException("S3 can't be reached", e);
      }
    }
  }
}
