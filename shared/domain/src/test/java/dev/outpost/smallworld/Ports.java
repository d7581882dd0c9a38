package dev.outpost.smallworld;

import dev.outpost.InstallationKey;
import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.TaskSize;
import dev.outpost.claim.ArtifactStore;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.claim.RunTokens;
import dev.outpost.claim.Supplies;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Held;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Line;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Waiting;
import dev.outpost.fleet.Ending;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.Advance;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.launch.Runs;
import dev.outpost.launch.WakeWaiting;
import dev.outpost.reconcile.Reconcile;
import dev.outpost.relay.FallBack;
import dev.outpost.relay.Relay;
import dev.outpost.relay.Tell;
import dev.outpost.run.Artifact;
import dev.outpost.run.Job;
import dev.outpost.smallworld.Fiber.Call;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.HostTokens;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Announce;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.DeliveryId;
import dev.outpost.webhook.DeliveryKey;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Retry;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** The ports as one process of a small world has them, and the use cases on them. */
@SuppressWarnings("unchecked") // The world answers a call with what it is for.
final class Ports implements Dispatches, Runs, LaunchQueue, Tenants, Endings {
  static final String DEFINITION = "task-definition/small:1";
  static final RunTokens TOKENS =
      new RunTokens(new InstallationKey(new byte[InstallationKey.MIN_BYTES]));

  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              new Agent(
                  "script",
                  "Runs the task.",
                  List.of(),
                  Map.of(),
                  new TaskSize(512, 1024, OptionalInt.empty()),
                  List.of("sh"),
                  Optional.empty(),
                  true,
                  false,
                  Job.Output.TEXT,
                  Map.of(),
                  Map.of(),
                  Optional.empty(),
                  List.of(),
                  true)));

  /** The script asks for nothing beside its job, so nobody is asked for anything. */
  private static final Supplies SUPPLIES = supplies(new NothingBrought());

  private static Supplies supplies(NothingBrought nothing) {
    return new Supplies(
        _ -> Map.of(),
        nothing,
        new HostTokens(HostTokens.GITHUB, nothing, Optional::empty),
        nothing);
  }

  /** Tenants that bring nothing. */
  private static final class NothingBrought implements TenantSecrets, ContextDocuments {
    @Override
    public OwnSecrets of(TenantId id) {
      return OwnSecrets.NONE;
    }

    @Override
    public List<Kept> list(TenantId id) {
      return List.of();
    }

    @Override
    public Keeping put(TenantId id, SecretName name, String value, Instant now) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(TenantId id, SecretName name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ContextDocument> find(TenantId id) {
      return Optional.empty();
    }

    @Override
    public void put(TenantId id, ContextDocument document) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean remove(TenantId id) {
      throw new UnsupportedOperationException();
    }
  }

  /** A call that failed, or whose answer was lost: its caller can't tell which. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Failed() {
      super(null, null, false, false);
    }
  }

  /** The answer that is no answer. */
  enum Lost {
    LOST
  }

  /** What a process was answered so far. */
  interface Answers {
    /** The answer to a call; doesn't return when there is none yet. */
    Object to(Call call);

    /** The instant at which the process goes on. */
    Instant now();

    /** The tenant's tier. */
    Tier tier();
  }

  private final Answers answers;

  Ports(Answers answers) {
    this.answers = answers;
  }

  Object ask(Call call) {
    Object answer = answers.to(call);
    if (answer == Lost.LOST) {
      throw new Failed();
    }
    return answer;
  }

  /** A call whose answer says nothing but that it was heard. */
  void tell(Call call) {
    Object _ = ask(call);
  }

  /** A call by which a process says something that no other process acts upon. */
  Object aside(Call call) {
    return ask(
        new Call() {
          @Override
          public List<Fiber.Answer> in(World world) {
            return call.in(world);
          }

          @Override
          public boolean isAside() {
            return true;
          }
        });
  }

  private Instant now() {
    return answers.now();
  }

  // The use cases.

  Advance advance() {
    return new Advance(this, this, this, this, TOKENS, this::now);
  }

  ClaimJob claimJob() {
    return new ClaimJob(
        this,
        TOKENS,
        CATALOGUE,
        SUPPLIES,
        new NoArtifacts(),
        new NoWorkspaces(),
        Duration.ZERO,
        Duration.ofSeconds(5),
        this::now);
  }

  HearReport hearReport() {
    return new HearReport(this, TOKENS, new NoArtifacts(), new NoWorkspaces(), this::now);
  }

  Cancel canceller() {
    return new Cancel(this, this::now);
  }

  Reconcile reconciler() {
    return new Reconcile(
        this,
        this,
        this,
        new WakeWaiting(this, this, this, this::now),
        tell(),
        new Retry(new NoWebhooks(), NoWebhooks.QUEUE),
        this::now);
  }

  Relay relay() {
    return new Relay(this, new WakeWaiting(this, this, this, this::now), tell(), this);
  }

  private Tell tell() {
    return new Tell(
        this,
        new Announce(new NoWebhooks(), new NoWebhooks(), NoWebhooks.QUEUE, this::now),
        _ -> {},
        new FallBack(this, this, CATALOGUE, this),
        Relay.USUALLY_PUBLISHED,
        this::now);
  }

  // Dispatches: each method is one step of the world.

  @Override
  public Optional<Dispatch> find(DispatchId id) {
    return (Optional<Dispatch>) ask(world -> world.read("find", Optional.of(world.dispatch(id))));
  }

  @Override
  public Change change(DispatchId id, DispatchEvent event) {
    return (Change) ask(world -> world.change(id, event));
  }

  @Override
  public List<DispatchId> waiting(TenantId tenantId, Instant now, int limit) {
    return line(now, limit).stream().map(Waiting::id).toList();
  }

  private List<Waiting> line(Instant now, int limit) {
    return (List<Waiting>) ask(world -> world.read("waiting", world.waiting(now, limit)));
  }

  @Override
  public Held held(TenantId tenantId) {
    return (Held) ask(world -> world.read("held", world.held()));
  }

  @Override
  public Line line(TenantId tenantId, Instant now, int limit) {
    Held held = held(tenantId);
    return new Line(held, line(now, limit));
  }

  @Override
  public List<Due> due(Instant now) {
    return (List<Due>) ask(world -> world.read("due", world.due(now)));
  }

  /** Nobody listens in these worlds. */
  @Override
  public void told(Dispatch ended) {}

  /** Here slots are what the states say; that both always agree is for the simulator to see. */
  @Override
  public int freeEnded(TenantId tenantId) {
    return 0;
  }

  // Runs.

  @Override
  public Optional<String> taskDefinition(String agent) {
    return Optional.of(DEFINITION);
  }

  @Override
  public Start start(Order order) {
    Object answer = answers.to(world -> world.runTask(order));
    return answer == Lost.LOST ? new Start.Unknown("no answer") : (Start) answer;
  }

  @Override
  public void stop(String taskArn, String why) {
    tell(world -> world.stopTask(taskArn));
  }

  @Override
  public Sighting find(Dispatch dispatch) {
    return (Sighting) ask(world -> world.sighting(dispatch));
  }

  @Override
  public List<AliveTask> alive() {
    return (List<AliveTask>) ask(world -> world.read("alive", world.alive()));
  }

  // The queue.

  @Override
  public void send(DispatchId id, TenantId tenantId, Duration delay) {
    tell(world -> world.send(id, delay));
  }

  // What never changes, or is for nobody here.

  @Override
  public Optional<Tenant> find(TenantId id) {
    return Optional.of(
        new Tenant(id, "Small", "small@example.com", answers.tier(), false, World.START));
  }

  @Override
  public void add(List<Ending> endings) {}

  @Override
  public List<Endings.Count> lastHour(Instant now) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    throw new UnsupportedOperationException("a small world begins with what was admitted");
  }

  @Override
  public Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public List<Dispatch> group(TenantId tenantId, GroupId group) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public void keepOutput(Dispatch dispatch, String json) {
    throw new UnsupportedOperationException("nobody wants data");
  }

  @Override
  public Optional<String> output(DispatchId id) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public Map<String, Map<Status, Integer>> open() {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public void create(Tenant tenant) {
    throw new UnsupportedOperationException("the tenant is there");
  }

  @Override
  public List<Tenant> list() {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    throw new UnsupportedOperationException("the tenant stays as it is");
  }

  @Override
  public boolean addKey(ApiKey key) {
    throw new UnsupportedOperationException("there are no keys");
  }

  @Override
  public List<ApiKey> keys(TenantId id) {
    throw new UnsupportedOperationException("there are no keys");
  }

  @Override
  public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    throw new UnsupportedOperationException("there are no keys");
  }

  private static final class NoArtifacts implements ArtifactStore {
    @Override
    public String uploadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return "https://artifacts.invalid/" + ArtifactStore.key(dispatch, type);
    }

    @Override
    public String downloadUrl(Dispatch dispatch, Artifact.Type type, Duration validFor) {
      return uploadUrl(dispatch, type, validFor);
    }

    @Override
    public String uploadUrl(KeptWorkspace workspace, Duration validFor) {
      return "https://artifacts.invalid/" + workspace.archiveKey();
    }

    @Override
    public String downloadUrl(KeptWorkspace workspace, Duration validFor) {
      return uploadUrl(workspace, validFor);
    }

    @Override
    public void remove(KeptWorkspace workspace) {
      throw NoWorkspaces.nobody();
    }
  }

  /** What is known of a workspace: nothing before each run, and nobody asks for more. */
  private static final class NoWorkspaces implements Workspaces {
    static UnsupportedOperationException nobody() {
      return new UnsupportedOperationException("nobody asks");
    }

    @Override
    public KeptWorkspace open(Dispatch dispatch, Instant now) {
      return KeptWorkspace.of(dispatch, now);
    }

    @Override
    public Optional<KeptWorkspace> find(TenantId tenantId, WorkspaceId id, Instant now) {
      throw nobody();
    }

    @Override
    public List<KeptWorkspace> list(TenantId tenantId, Instant now) {
      throw nobody();
    }

    @Override
    public void saved(KeptWorkspace workspace) {
      throw nobody();
    }

    @Override
    public Deletion delete(TenantId tenantId, WorkspaceId id, Instant now) {
      throw nobody();
    }
  }

  /** Nobody has a webhook, so nothing is delivered. */
  private static final class NoWebhooks implements Webhooks, Deliveries {
    static final DeliveryQueue QUEUE =
        (_, _) -> {
          throw NoWorkspaces.nobody();
        };

    @Override
    public List<Webhook> of(TenantId tenantId) {
      return List.of();
    }

    @Override
    public List<Webhook> change(TenantId tenantId, UnaryOperator<List<Webhook>> change) {
      throw NoWorkspaces.nobody();
    }

    @Override
    public Delivery add(Delivery delivery) {
      throw NoWorkspaces.nobody();
    }

    @Override
    public Optional<Delivery> find(DeliveryKey key) {
      throw NoWorkspaces.nobody();
    }

    @Override
    public boolean replace(Delivery before, Delivery after) {
      throw NoWorkspaces.nobody();
    }

    @Override
    public List<Delivery> list(
        TenantId tenantId, WebhookId webhookId, Optional<DeliveryId> before, int limit) {
      throw NoWorkspaces.nobody();
    }

    @Override
    public List<DeliveryKey> due(Instant now, int limit) {
      return List.of();
    }
  }
}
