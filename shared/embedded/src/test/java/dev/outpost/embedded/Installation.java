package dev.outpost.embedded;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.fleet.Endings;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.run.Budget;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Announce;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveryQueue;
import dev.outpost.webhook.Webhooks;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An installation in memory, with a tenant: what the tests of the functions stand on. Time stands
 * still until it is told to go on.
 */
public final class Installation implements InstantSource {
  /** The id in the sample events. */
  public static final DispatchId SAMPLE_ID = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");

  /** The task in the sample events. */
  public static final String SAMPLE_TASK =
      "arn:aws:ecs:eu-central-1:111122223333:task/outpost-prod/0f9de17a6465404e8b1b2356dc13c2f8";

  /** The tenant in the sample events. */
  public static final TenantId SAMPLE_TENANT = new TenantId("7f6b1f0e-3a51-4c9e-9a55-0c1d2e3f4a5b");

  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final EmbeddedStream stream = new EmbeddedStream(store);
  private final EmbeddedQueue queue = new EmbeddedQueue(store, "launch", 5, this);
  private final EmbeddedQueue deliveryQueue =
      new EmbeddedQueue(store, "webhooks", DeliveryQueue.MAX_RECEIVES, this);
  private final Dispatches dispatches = new EmbeddedDispatches(store, stream);
  private final Tenants tenants = new EmbeddedTenants(store);
  private final Ulids ulids = new Ulids(this);
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");

  /** An installation whose sample tenant is of that tier. */
  public Installation(Tier tier) {
    tenants.create(
        new Tenant(SAMPLE_TENANT, "Blueprint Project", "blueprint@example.com", tier, false, now));
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    now = now.plus(time);
  }

  /** The dispatches. */
  public Dispatches dispatches() {
    return dispatches;
  }

  /** The tenants. */
  public Tenants tenants() {
    return tenants;
  }

  /** The counts of endings. */
  public Endings endings() {
    return new EmbeddedEndings(store);
  }

  /** The persistent workspaces. */
  public Workspaces workspaces() {
    return new EmbeddedWorkspaces(store);
  }

  /** The webhooks. */
  public Webhooks webhooks() {
    return new EmbeddedWebhooks(store);
  }

  /** What webhooks are told. */
  public Deliveries deliveries() {
    return new EmbeddedDeliveries(store);
  }

  /** The delivery queue. */
  public DeliveryQueue deliveryQueue() {
    return new EmbeddedDeliveryQueue(deliveryQueue);
  }

  /** Has webhooks told of changes. */
  public Announce announce() {
    return new Announce(webhooks(), deliveries(), deliveryQueue(), this);
  }

  /** Takes what is visible now off the delivery queue: the messages' bodies. */
  public List<String> toDeliver() {
    return received(deliveryQueue).stream().map(QueueMessage::body).toList();
  }

  /** Writes past all rules, as a restored backup may. */
  void put(String map, String key, String value) {
    store.change(tx -> tx.put(map, key, value));
  }

  /** Gives one of the tenant's slots to a dispatch, as a restored table may have it. */
  public void restoreSlot(DispatchId to) {
    put(EmbeddedDispatches.SLOTS, SAMPLE_TENANT + "/" + to, "");
  }

  /** The launch queue. */
  public LaunchQueue launchQueue() {
    return new EmbeddedLaunchQueue(queue);
  }

  /** Takes what is visible now off the launch queue. */
  public List<DispatchId> enqueued() {
    return received(queue).stream()
        .map(message -> new DispatchId((String) ItemJson.read(message.body()).get("dispatchId")))
        .toList();
  }

  private static List<QueueMessage> received(EmbeddedQueue from) {
    try {
      List<QueueMessage> messages = from.receive(10, Duration.ofSeconds(30), Duration.ZERO);
      messages.forEach(message -> from.delete(message.receiptHandle()));
      return messages;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Accepts a dispatch with a new id. */
  public DispatchId accept() {
    return accept(DispatchId.next(ulids));
  }

  /** Accepts a dispatch with that id. */
  public DispatchId accept(DispatchId id) {
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello > hello.txt",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.FULL),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return accept(id, spec);
  }

  /** Accepts a dispatch with a new id that is to work in a persistent workspace. */
  public DispatchId accept(String workspace, Booking.WhenBusy whenBusy) {
    return accept(DispatchId.next(ulids), workspace, whenBusy);
  }

  /** Accepts a dispatch with that id that is to work in a persistent workspace. */
  public DispatchId accept(DispatchId id, String workspace, Booking.WhenBusy whenBusy) {
    String repository = "https://github.com/owner/name.git";
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello > hello.txt",
            Optional.of("owner/name"),
            new Workspace(Optional.of(repository), Optional.empty(), Workspace.Init.MINIMAL),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Budget.NONE,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.of(
                new Booking(
                    WorkspaceId.of(SAMPLE_TENANT, repository, workspace), workspace, whenBusy)));
    return accept(id, spec);
  }

  /** Accepts that dispatch with that id. */
  public DispatchId accept(DispatchId id, Spec spec) {
    dispatches.admit(Dispatch.accepted(id, SAMPLE_TENANT, spec, now), 1000, Optional.empty());
    return id;
  }

  /** The dispatch as it is. */
  public Dispatch dispatch(DispatchId id) {
    return dispatches.find(id).orElseThrow();
  }

  /** Lets events happen to a dispatch. */
  public Dispatch happen(DispatchId id, DispatchEvent... events) {
    for (DispatchEvent event : events) {
      dispatches.change(id, event);
    }
    return dispatch(id);
  }

  /** Takes a slot for it, as the launcher does. */
  public Launch launching(DispatchId id) {
    return happen(id, new DispatchEvent.Launching(now, "definition:1", 50))
        .state()
        .launched()
        .orElseThrow();
  }
}
