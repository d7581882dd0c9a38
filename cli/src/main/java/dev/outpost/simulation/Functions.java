package dev.outpost.simulation;

import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Watch;
import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoContextDocuments;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.Pauses;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.start.Invocation;
import dev.outpost.embedded.EmbeddedTenantSecrets;
import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.api.ApiParts;
import dev.outpost.functions.api.promote.GithubPullRequests;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.functions.api.request.SizeDimension;
import dev.outpost.functions.authorizer.Authorize;
import dev.outpost.functions.authorizer.AuthorizerFunction;
import dev.outpost.functions.launcher.LauncherFunction;
import dev.outpost.functions.reconciler.ReconcilerFunction;
import dev.outpost.functions.relay.EventBridgeLifecycle;
import dev.outpost.functions.relay.RelayFunction;
import dev.outpost.functions.runner.RunnerFunction;
import dev.outpost.functions.taskevents.TaskEventsFunction;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.promote.Branches;
import dev.outpost.promote.Promote;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.Tenants;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One execution environment of each function: the real handlers on the real adapters, wired as they
 * are deployed, with a clock of their own and a wire to each service.
 */
final class Functions {
  static final String STAGE = "sim";
  static final String CLUSTER = "outpost-" + STAGE;
  static final String BUS = "outpost-" + STAGE;
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
  final Tenants tenants;

  /**
   * What the functions of one execution environment are given.
   *
   * @param published which statuses the relay publishes
   * @param reportEvery how often runners report
   * @param pauses how a call waits before it is made again
   * @param pause how a long poll waits
   */
  record Given(
      DynamoDbClient dynamo,
      SqsClient sqs,
      EcsClient ecs,
      EventBridgeClient bus,
      String launchQueue,
      RunTokens tokens,
      Catalogue catalogue,
      String subnet,
      Set<Status> published,
      Duration reportEvery,
      RandomGenerator random,
      Pauses pauses,
      Watch.Pause pause,
      InstantSource clock) {}

  Functions(World world, Catalogue catalogue, InstantSource clock, String subnet) {
    this(
        new Given(
            new AwsWire(Service.DYNAMODB, world).to(DynamoDbClient.class, world.dynamo()),
            new AwsWire(Service.SQS, world).to(SqsClient.class, world.sqs()),
            new AwsWire(Service.ECS, world).to(EcsClient.class, world.ecs()),
            new AwsWire(Service.EVENTBRIDGE, world).to(EventBridgeClient.class, world.bus()),
            world.launchQueue(),
            world.tokens(),
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
            clock));
  }

  Functions(Given given) {
    InstantSource clock = given.clock();
    Catalogue catalogue = given.catalogue();
    RunTokens tokens = given.tokens();
    Dispatches dispatches = new DynamoDispatches(given.dynamo(), STAGE, given.pauses());
    tenants = new DynamoTenants(given.dynamo(), STAGE, given.pauses());
    LaunchQueue queue = new SqsLaunchQueue(given.sqs(), given.launchQueue());
    EcsRuns runs = new EcsRuns(given.ecs(), config(given.subnet()), clock);
    WakeWaiting wakeWaiting = new WakeWaiting(dispatches, tenants, queue, clock);
    DynamoEndings endings = new DynamoEndings(given.dynamo(), STAGE, given.pauses());
    ArtifactStore artifacts = new Urls();

    authorizer =
        new AuthorizerFunction(
            new Authorize(new DynamoApiKeys(given.dynamo(), STAGE, given.pauses()), clock));
    TenantSecrets secrets = EmbeddedTenantSecrets.inMemory();
    HostTokens gitTokens = new HostTokens(HostTokens.GITHUB, secrets, Optional::empty);
    ContextDocuments documents = new DynamoContextDocuments(given.dynamo(), STAGE, given.pauses());
    api =
        new ApiFunction(
            new ApiParts(
                dispatches,
                queue,
                (_, _, _, _) -> List.of(),
                artifacts,
                endings,
                catalogue,
                (_, _) -> Optional.empty(),
                new Promote(
                    dispatches,
                    artifacts,
                    url -> () -> InputStream.nullInputStream(),
                    _ -> new Branches.Push.Failed(NO_HOST),
                    GithubPullRequests.of(HostTokens.GITHUB),
                    gitTokens),
                secrets,
                documents,
                new InstallationPolicy(
                    Set.of(RepoScheme.HTTPS),
                    EnumSet.allOf(SizeDimension.class),
                    InstallationPolicy.agentsOn(catalogue, Set.of("script")),
                    USUAL_START),
                new Ulids(clock, given.random()),
                given.pause(),
                clock));
    runner =
        new RunnerFunction(
            new ClaimJob(
                dispatches,
                tokens,
                catalogue,
                new Supplies(
                    _ -> Map.of("ANTHROPIC_API_KEY", CREDENTIAL), secrets, gitTokens, documents),
                artifacts,
                GRACE,
                given.reportEvery(),
                clock),
            new HearReport(dispatches, tokens, artifacts, clock),
            new Envelope(clock));
    launcher = new LauncherFunction(new Advance(dispatches, tenants, runs, queue, tokens, clock));
    taskEvents = new TaskEventsFunction(dispatches);
    relay =
        new RelayFunction(
            new Relay(
                queue,
                wakeWaiting,
                new EventBridgeLifecycle(given.bus(), BUS),
                endings,
                given.published(),
                new FallBack(dispatches, tenants, catalogue, queue)));
    reconciler = new ReconcilerFunction(new Reconcile(dispatches, runs, queue, wakeWaiting, clock));
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

  /** Presigning is no call to AWS; a name for the object is all that the simulation needs. */
  private static final class Urls implements ArtifactStore {
    @Override
    public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return "https://artifacts.simulated/" + ArtifactStore.key(dispatch, type);
    }

    @Override
    public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return uploadUrl(dispatch, type, validFor);
    }
  }
}
