package dev.outpost.simulation;

import dev.outpost.Ulids;
import dev.outpost.agent.Catalogue;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dynamodb.DynamoApiKeys;
import dev.outpost.dynamodb.DynamoDispatches;
import dev.outpost.dynamodb.DynamoEndings;
import dev.outpost.dynamodb.DynamoTenants;
import dev.outpost.dynamodb.Pauses;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.edge.Envelope;
import dev.outpost.functions.api.ApiFunction;
import dev.outpost.functions.api.ApiParts;
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
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.run.Artifact;
import dev.outpost.sqs.SqsLaunchQueue;
import dev.outpost.tenant.Tenants;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final Duration USUAL_START = Duration.ofSeconds(45);

  final AuthorizerFunction authorizer;
  final ApiFunction api;
  final RunnerFunction runner;
  final LauncherFunction launcher;
  final TaskEventsFunction taskEvents;
  final RelayFunction relay;
  final ReconcilerFunction reconciler;
  final Tenants tenants;

  Functions(World world, Catalogue catalogue, InstantSource clock, String subnet) {
    DynamoDbClient dynamo =
        new AwsWire(Service.DYNAMODB, world).to(DynamoDbClient.class, world.dynamo());
    SqsClient sqs = new AwsWire(Service.SQS, world).to(SqsClient.class, world.sqs());
    EcsClient ecs = new AwsWire(Service.ECS, world).to(EcsClient.class, world.ecs());
    EventBridgeClient bus =
        new AwsWire(Service.EVENTBRIDGE, world).to(EventBridgeClient.class, world.bus());
    Pauses pauses =
        longest -> {
          world.timeline().sleep(world.chance().upTo(longest));
          return true;
        };
    Dispatches dispatches = new DynamoDispatches(dynamo, STAGE, pauses);
    tenants = new DynamoTenants(dynamo, STAGE, pauses);
    LaunchQueue queue = new SqsLaunchQueue(sqs, world.launchQueue());
    RunTokens tokens = world.tokens();
    EcsRuns runs = new EcsRuns(ecs, config(subnet), clock);
    WakeWaiting wakeWaiting = new WakeWaiting(dispatches, tenants, queue, clock);
    DynamoEndings endings = new DynamoEndings(dynamo, STAGE, pauses);
    ArtifactStore artifacts = new Urls();

    authorizer =
        new AuthorizerFunction(new Authorize(new DynamoApiKeys(dynamo, STAGE, pauses), clock));
    api =
        new ApiFunction(
            new ApiParts(
                dispatches,
                queue,
                (_, _, _, _) -> List.of(),
                artifacts,
                endings,
                catalogue,
                _ -> Optional.empty(),
                new InstallationPolicy(
                    Set.of(RepoScheme.HTTPS),
                    EnumSet.allOf(SizeDimension.class),
                    InstallationPolicy.agentsOn(catalogue, Set.of("script")),
                    USUAL_START),
                new Ulids(clock, world.chance().generator()),
                time -> world.timeline().sleep(time),
                clock));
    runner =
        new RunnerFunction(
            new ClaimJob(
                dispatches,
                tokens,
                catalogue,
                _ -> Map.of("ANTHROPIC_API_KEY", CREDENTIAL),
                artifacts,
                GRACE,
                REPORT_EVERY,
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
                new EventBridgeLifecycle(bus, BUS),
                endings,
                new FallBack(dispatches, tenants, catalogue, queue)));
    reconciler = new ReconcilerFunction(new Reconcile(dispatches, runs, queue, wakeWaiting, clock));
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
