package dev.outpost.functions.api;

import dev.outpost.InstallationKey;
import dev.outpost.Ulids;
import dev.outpost.agent.Agent;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.Spec;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.edge.HttpResponse;
import dev.outpost.embedded.EmbeddedAuditTrail;
import dev.outpost.embedded.EmbeddedContextDocuments;
import dev.outpost.embedded.EmbeddedDeliveries;
import dev.outpost.embedded.EmbeddedDeliveryQueue;
import dev.outpost.embedded.EmbeddedDispatches;
import dev.outpost.embedded.EmbeddedEndings;
import dev.outpost.embedded.EmbeddedLaunchQueue;
import dev.outpost.embedded.EmbeddedQueue;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedStream;
import dev.outpost.embedded.EmbeddedTenantSecrets;
import dev.outpost.embedded.EmbeddedWebhooks;
import dev.outpost.embedded.EmbeddedWorkspaces;
import dev.outpost.embedded.QueueMessage;
import dev.outpost.fleet.Endings;
import dev.outpost.functions.api.logs.CloudWatchLogs;
import dev.outpost.functions.api.promote.GithubPullRequests;
import dev.outpost.functions.api.promote.JgitBranches;
import dev.outpost.functions.api.request.InstallationPolicy;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.functions.api.request.SizeDimension;
import dev.outpost.promote.Branches;
import dev.outpost.promote.Promote;
import dev.outpost.relay.Relay;
import dev.outpost.run.Workspace;
import dev.outpost.s3.S3Artifacts;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The API function on the real ports: the embedded store, presigned URLs of S3, and CloudWatch Logs
 * down to the SDK's edge.
 */
final class Installation implements AutoCloseable {
  /** The tenant of {@code events/api.json}. */
  static final TenantId TENANT = new TenantId("6f1c2f6e-3d5b-4c7a-9b1e-2f8d4c6a7b90");

  static final Instant NOW = Instant.parse("2026-11-22T21:20:30.123Z");
  static final String TASK_ARN = "arn:aws:ecs:eu-central-1:111122223333:task/outpost/0123abcd";

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final S3Presigner presigner =
      S3Presigner.builder()
          .region(Region.EU_CENTRAL_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "none")))
          .build();
  private final EmbeddedQueue queue;
  private final EmbeddedQueue deliveryQueue;
  final ApiParts parts;
  private final ApiFunction function;
  private Runnable whileWaiting = () -> {};
  private Instant now = NOW;
  private LambdaContext context = new LambdaContext();

  /** What the object store would give for the last part of a key's path. */
  final Map<String, String> objects = new HashMap<>();

  final EmbeddedDispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));
  final Endings endings = new EmbeddedEndings(store);
  final TenantSecrets secrets = EmbeddedTenantSecrets.inMemory();
  final ContextDocuments documents = new EmbeddedContextDocuments(store);
  final Workspaces workspaces = new EmbeddedWorkspaces(store);
  final Webhooks webhooks = new EmbeddedWebhooks(store);
  final Deliveries deliveries = new EmbeddedDeliveries(store);
  final SigningSecrets signing =
      new SigningSecrets(new InstallationKey(new byte[InstallationKey.MIN_BYTES]));
  final FakeCloudWatchLogs logs = new FakeCloudWatchLogs();

  /** The token for repositories. */
  static final String GIT_TOKEN = "the-token-of-the-repository";

  /** As it stands in AWS: no local repositories, and codex without its credential. */
  Installation() {
    this(EnumSet.of(RepoScheme.HTTPS, RepoScheme.SSH), Set.of(), dispatches -> dispatches);
  }

  /** With other repositories allowed, other agents switched on, or a store that misbehaves. */
  Installation(
      Set<RepoScheme> schemes,
      Set<String> agentsBesides,
      java.util.function.UnaryOperator<Dispatches> around) {
    this(schemes, agentsBesides, around, HostTokens.GITHUB, Relay.USUALLY_PUBLISHED, false);
  }

  /** With repositories on another host than GitHub's. */
  Installation(String gitHost) {
    this(
        EnumSet.allOf(RepoScheme.class),
        Set.of(),
        dispatches -> dispatches,
        gitHost,
        Relay.USUALLY_PUBLISHED,
        false);
  }

  /** With other statuses told, and webhooks on this machine or not. */
  Installation(Set<Status> told, boolean localWebhooks) {
    this(
        Set.of(RepoScheme.HTTPS),
        Set.of(),
        dispatches -> dispatches,
        HostTokens.GITHUB,
        told,
        localWebhooks);
  }

  private Installation(
      Set<RepoScheme> schemes,
      Set<String> agentsBesides,
      java.util.function.UnaryOperator<Dispatches> around,
      String gitHost,
      Set<Status> told,
      boolean localWebhooks) {
    deliveryQueue = new EmbeddedQueue(store, "webhooks", DeliveryQueue.MAX_RECEIVES, () -> now);
    queue = new EmbeddedQueue(store, "launch", 5, () -> now);
    var catalogue = CatalogueFile.packaged();
    parts =
        new ApiParts(
            around.apply(dispatches),
            new EmbeddedLaunchQueue(queue),
            new CloudWatchLogs(logs, "dev", catalogue.ids(), () -> now),
            new S3Artifacts(presigner, "outpost-artifacts"),
            endings,
            catalogue,
            Installation::missing,
            new Promote(
                dispatches,
                new S3Artifacts(presigner, "outpost-artifacts"),
                this::object,
                new JgitBranches(Path.of(System.getProperty("java.io.tmpdir"))),
                new GithubPullRequests(gitHost, URI.create("http://" + gitHost + "/api")),
                new HostTokens(gitHost, secrets, () -> Optional.of(GIT_TOKEN))),
            secrets,
            documents,
            workspaces,
            webhooks,
            deliveries,
            new EmbeddedDeliveryQueue(deliveryQueue),
            () -> signing,
            new EmbeddedAuditTrail(store),
            new InstallationPolicy(
                schemes,
                EnumSet.allOf(SizeDimension.class),
                InstallationPolicy.agentsOn(catalogue, agentsBesides),
                Duration.ofSeconds(45),
                told,
                localWebhooks),
            new Ulids(() -> now, new Random(7)),
            this::pause,
            () -> now);
    function = new ApiFunction(parts);
  }

  /** Presigned URLs lead to S3, which is not here. */
  private Branches.Content object(String url) {
    String name = URI.create(url).getPath().replaceAll(".*/", "");
    return () -> new ByteArrayInputStream(objects.get(name).getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> missing(Agent agent, Set<String> brought) {
    return new NamedCredentials(
            Set.of("ANTHROPIC_API_KEY", "GEMINI_API_KEY", "DEEPSEEK_API_KEY", "XAI_API_KEY"))
        .missing(agent, brought);
  }

  Reply send(Event event) {
    context = new LambdaContext();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(event.stream(), out, context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Reply.of(out.toByteArray());
  }

  /** What an instance on the same parts hears at its rehearsal. */
  List<HttpResponse> rehearse() {
    Api api = parts.api();
    return Rehearsal.REQUESTS.stream().map(request -> api.answer(request).response()).toList();
  }

  Reply get(String pathAndQuery) {
    return send(Event.of("GET", pathAndQuery));
  }

  /** The one line that the last request logged. */
  String line() {
    return String.join("", context.lines());
  }

  int linesLogged() {
    return context.lines().size();
  }

  /** An accepted dispatch of the tenant of {@code events/api.json}. */
  Dispatch accepted() {
    return accepted("{\"agent\":\"claude\",\"task\":\"Write the test that is missing.\"}");
  }

  Dispatch accepted(String body) {
    Reply reply = send(Event.post(body));
    return find((String) reply.data().get("dispatchId"));
  }

  /** One like that of the body, whose repository is at another address than a client may name. */
  Dispatch stored(String body, String repository) {
    Spec spec = accepted(body).spec();
    Workspace there =
        new Workspace(Optional.of(repository), spec.workspace().branch(), spec.workspace().init());
    Dispatch dispatch =
        Dispatch.accepted(
            DispatchId.next(new Ulids(() -> now)),
            TENANT,
            new Spec(
                spec.agent(),
                spec.model(),
                spec.task(),
                spec.repo(),
                there,
                spec.context(),
                spec.timeout(),
                spec.size(),
                spec.tags(),
                spec.expiresAt()),
            now);
    dispatches.admit(dispatch, 1000, Optional.empty());
    return dispatch;
  }

  Dispatch find(String id) {
    return dispatches.find(new DispatchId(id)).orElseThrow();
  }

  /** How many dispatches of that tenant are stored. */
  int stored() {
    return dispatches.list(TENANT, Filter.ALL, Optional.empty(), 100).dispatches().size();
  }

  /** How many messages wait for the launcher. */
  int enqueued() {
    return queue.depth().visible();
  }

  /** What webhooks are to be told now. */
  List<String> toTell() throws InterruptedException {
    return deliveryQueue
        .receive(EmbeddedQueue.MAX_BATCH, Duration.ofMinutes(1), Duration.ZERO)
        .stream()
        .map(QueueMessage::body)
        .toList();
  }

  /** Launches a dispatch, and has its job claimed. */
  void run(Dispatch dispatch) {
    happens(dispatch, new DispatchEvent.Launching(now, definition(dispatch), 50));
    happens(dispatch, new DispatchEvent.Launched(1, TASK_ARN, now));
    happens(dispatch, new DispatchEvent.Claiming(1, new Claimed("runner-1", now)));
  }

  /** The task of a running dispatch stops with that exit code. */
  void stop(Dispatch dispatch, int exitCode) {
    happens(
        dispatch,
        new DispatchEvent.TaskStopped(
            OptionalInt.of(1), TASK_ARN, now, OptionalInt.of(exitCode), Optional.empty()));
  }

  void happens(Dispatch dispatch, DispatchEvent event) {
    Change change = dispatches.change(dispatch.id(), event);
    if (!(change instanceof Change.Changed)) {
      throw new AssertionError(change.toString());
    }
  }

  /** Gives the workspace to that dispatch, as a restored table may have it. */
  void restoreHold(WorkspaceId workspace, Dispatch by) {
    String key = by.tenantId() + "/" + workspace;
    store.change(tx -> tx.put("workspaces_held", key, by.id().value()));
  }

  /** Lets that happen the next time a reader waits. */
  void whileWaiting(Runnable happening) {
    whileWaiting = happening;
  }

  void advance(Duration time) {
    now = now.plus(time);
  }

  Instant now() {
    return now;
  }

  private void pause(Duration time) {
    advance(time);
    Runnable happening = whileWaiting;
    whileWaiting = () -> {};
    happening.run();
  }

  private static String definition(Dispatch dispatch) {
    return "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-dev-"
        + dispatch.spec().agent()
        + ":3";
  }

  @Override
  public void close() {
    presigner.close();
    store.close();
  }

  /** Where that dispatch's runner prints. */
  static List<String> stream(Dispatch dispatch) {
    return List.of(dispatch.spec().agent() + "/agent/0123abcd");
  }
}
