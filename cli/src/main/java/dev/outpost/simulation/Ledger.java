package dev.outpost.simulation;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Status;
import dev.outpost.dynamodb.AttributeValues;
import dev.outpost.items.DeliveryItem;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.items.TenantItem;
import dev.outpost.items.WebhooksItem;
import dev.outpost.items.WorkspaceItem;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.simulation.aws.MemoryDynamoDb.Change;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The witness of a history: sees every write to the tables in the moment it happens, knows what
 * really happened, and holds the one against the other. The numbers are those of the invariants in
 * the proof's document.
 */
final class Ledger {
  /** For so long a process may act on a tier that it read before the tier was changed. */
  private static final Duration OLD_TIER = Duration.ofMinutes(3);

  private final World world;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Dispatch> dispatches = new LinkedHashMap<>();
  private final Map<String, Story> stories = new HashMap<>();
  private final Map<String, Set<String>> holders = new HashMap<>();
  private final Map<String, Set<String>> slots = new HashMap<>();

  /** Of each tenant, which dispatch holds which workspace: as its item says, and as it must be. */
  private final Map<String, Map<String, String>> reserved = new HashMap<>();

  private final Map<String, Map<String, String>> inWorkspaces = new HashMap<>();
  private final Map<String, Set<String>> workingIn = new HashMap<>();
  private final Map<String, List<TierAt>> tiers = new HashMap<>();
  private final Map<String, Long> used = new HashMap<>();
  private final Map<String, Long> admitted = new HashMap<>();
  private final Map<String, List<String>> idsByTask = new HashMap<>();
  private final Set<String> handedOn = new HashSet<>();

  /** Tenants that were suspended at some time. */
  private final Set<String> suspended = new HashSet<>();

  private final Set<String> suspendedNow = new HashSet<>();

  /** Tenants that had used up a day at some time, by one of their tiers. */
  private final Set<String> daysFull = new HashSet<>();

  private final Map<String, Status> told = new LinkedHashMap<>();

  /** Dispatches that wait in line or are found when they are due: when all is over, none. */
  private final Set<String> indexed = new HashSet<>();

  private final Map<String, Set<String>> working = new HashMap<>();
  private final Set<String> dirty = new LinkedHashSet<>();
  private final Truth truth;
  private final Tellings tellings;
  private final Acts acts;
  private final Bounds bounds;
  private final Keepings keepings;
  private final Readings readings;

  /** What each dispatch has been. */
  private final Map<String, List<Write>> writes = new HashMap<>();

  private record TierAt(Instant at, Tier tier) {}

  private record Write(Instant at, Dispatch dispatch) {}

  Ledger(World world) {
    this.world = world;
    this.truth = new Truth(world, this);
    this.tellings = new Tellings(this);
    this.acts = new Acts(this);
    this.bounds = new Bounds(world, this);
    this.keepings = new Keepings(world, this);
    this.readings = new Readings(world, this);
  }

  List<String> violations() {
    return violations;
  }

  void violated(int invariant, String what) {
    violations.add("I" + invariant + " at " + world.timeline().instant() + ": " + what);
  }

  void require(boolean holds, int invariant, String what) {
    if (!holds) {
      violated(invariant, what);
    }
  }

  Bounds bounds() {
    return bounds;
  }

  Tellings tellings() {
    return tellings;
  }

  Acts acts() {
    return acts;
  }

  Keepings keepings() {
    return keepings;
  }

  Readings readings() {
    return readings;
  }

  Map<String, Dispatch> dispatches() {
    return dispatches;
  }

  Story story(String dispatch) {
    return stories.computeIfAbsent(dispatch, _ -> new Story());
  }

  /** What a dispatch is, and all that it has been since then. */
  List<Dispatch> since(Instant then, String id) {
    List<Write> all = writes.getOrDefault(id, List.of());
    int from = all.size();
    while (from > 0 && !all.get(from - 1).at().isBefore(then)) {
      from--;
    }
    return all.subList(Math.max(0, from - 1), all.size()).stream().map(Write::dispatch).toList();
  }

  List<String> idsOf(String task) {
    return idsByTask.getOrDefault(task, List.of());
  }

  // What the tables tell.

  /** A write, in the moment it happens. */
  void written(Change change) {
    if (isOver(change)) {
      return;
    }
    if (change.table().startsWith(Tables.DISPATCHES)) {
      String id = change.keys().get(Tables.DISPATCH_ID).s();
      if (!id.endsWith("#task")) {
        dispatchWritten(id, change);
      }
    } else if (change.table().startsWith(Tables.TENANTS)) {
      tenantWritten(change);
    } else if (change.table().startsWith(Tables.AUDIT)) {
      acts.recordWritten(change);
    } else if (change.table().startsWith(Tables.API_KEYS)) {
      acts.keyWritten(change);
    }
  }

  /** Whether DynamoDB has removed an item because its time was over. */
  private boolean isOver(Change change) {
    return change.after().isEmpty()
        && change
            .before()
            .map(item -> item.get(Tables.EXPIRES))
            .filter(at -> Long.parseLong(at.n()) < world.timeline().instant().getEpochSecond())
            .isPresent();
  }

  /** That whoever looks for what waits, or for what is due, finds it there alone, and in time. */
  private void indexed(String id, Dispatch after, Change change) {
    Map<String, AttributeValue> item = change.after().orElseThrow();
    boolean waits = item.keySet().containsAll(List.of(Tables.WAITING_SHARD, Tables.WAITING_ORDER));
    boolean due = item.keySet().containsAll(List.of(Tables.DUE_SHARD, Tables.DUE_AT));
    if (waits || due) {
      indexed.add(id);
    } else {
      indexed.remove(id);
    }
    boolean waiting = after.state() instanceof DispatchState.Pending;
    require(waits == waiting, 9, id + " is in the line: " + waits + ", and is " + after.state());
    // An end goes by a write of its own, when everybody was told.
    boolean mayBeNeither = after.state().isTerminal() && wasEnded(change);
    require(mayBeNeither || due == !waiting, 9, id + " is not found when it is due");
    if (due) {
      Instant found = Instant.parse(item.get(Tables.DUE_AT).s());
      require(!found.isAfter(after.dueAt()), 9, id + " is found later than it is due: " + found);
    }
  }

  private static boolean wasEnded(Change change) {
    return change
        .before()
        .map(item -> DispatchItem.fromItem(AttributeValues.item(item)))
        .filter(before -> before.state().isTerminal())
        .isPresent();
  }

  private void dispatchWritten(String id, Change change) {
    if (change.after().isEmpty()) {
      violated(1, "the record of " + id + " was removed");
      return;
    }
    Dispatch after = DispatchItem.fromItem(AttributeValues.item(change.after().get()));
    indexed(id, after, change);
    String tenant = after.tenantId().value();
    dirty.add(tenant);
    if (change.before().isEmpty()) {
      require(after.state() instanceof DispatchState.Pending, 5, id + " begins as " + after);
      admitted.merge(tenant + "/" + world.day(after.createdAt()), 1L, Long::sum);
      after
          .origin()
          .retryOf()
          .ifPresentOrElse(
              failed -> fellIn(dispatches.get(failed.value()), after),
              () -> idsByTask.computeIfAbsent(after.spec().task(), _ -> new ArrayList<>()).add(id));
      acts.created(after);
      changed(after);
    } else {
      Dispatch before = DispatchItem.fromItem(AttributeValues.item(change.before().get()));
      if (before.state().isTerminal()) {
        require(after.equals(before), 6, id + " had ended and was written again: " + after);
        return;
      }
      require(
          legal(before.status()).contains(after.status()),
          5,
          id + " went from " + before.status() + " to " + after.status());
      require(after.version() == before.version() + 1, 5, id + " skipped a version");
      if (before.status() != after.status()) {
        changed(after);
      }
      acts.changed(before, after);
      truth.judge(before, after, story(id));
    }
    dispatches.put(id, after);
    writes
        .computeIfAbsent(id, _ -> new ArrayList<>())
        .add(new Write(world.timeline().instant(), after));
    Set<String> holding = holders.computeIfAbsent(tenant, _ -> new HashSet<>());
    Map<String, String> taken = inWorkspaces.computeIfAbsent(tenant, _ -> new HashMap<>());
    taken.values().remove(id);
    holdsWorkspace(after)
        .ifPresent(
            workspace -> {
              String other = taken.put(workspace, id);
              require(other == null, 4, workspace + " is " + other + "'s and " + id + "'s");
            });
    keepings.held(tenant, taken.keySet());
    if (after.state().holdsSlot()) {
      holding.add(id);
    } else {
      holding.remove(id);
    }
  }

  /** A dispatch has another status: everybody who listens is to hear of it. */
  private void changed(Dispatch after) {
    told.put(after.id() + "#" + after.version(), after.status());
    tellings.changed(LifecycleEvent.of(after));
  }

  /** The workspace that nobody else may have now: the contract's rule, not our code's. */
  private static Optional<String> holdsWorkspace(Dispatch dispatch) {
    return dispatch
        .spec()
        .booking()
        .filter(
            booking ->
                dispatch.state().holdsSlot()
                    || (booking.whenBusy() == Booking.WhenBusy.REJECT
                        && dispatch.status() == Status.PENDING))
        .map(booking -> booking.workspace().value());
  }

  /** A dispatch that nobody asked for: an agent that stood by for another was given its task. */
  private void fellIn(Dispatch failed, Dispatch child) {
    require(mayBeHandedOn(failed), 12, child + " falls in for " + failed);
    require(
        failed.tenantId().equals(child.tenantId())
            && failed.spec().task().equals(child.spec().task())
            && failed.spec().fallback().getFirst().equals(child.spec().agent()),
        12,
        child + " is not what was to fall in for " + failed);
    require(handedOn.add(failed.id().value()), 3, failed.id() + " was handed on twice");
  }

  private static boolean mayBeHandedOn(Dispatch dispatch) {
    return dispatch != null
        && !dispatch.spec().fallback().isEmpty()
        && dispatch.state() instanceof DispatchState.Ended ended
        && ended
            .failure()
            .map(Failure::cause)
            .filter(cause -> cause.retryable() && cause != Cause.EXPIRED)
            .filter(_ -> dispatch.spec().expiresAt().map(ended.at()::isBefore).orElse(true))
            .isPresent();
  }

  /** Every failure that another agent may mend was given to it, unless its tenant may have none. */
  private void judgeFallback(Dispatch failed) {
    boolean excused =
        suspended.contains(failed.tenantId().value())
            || daysFull.contains(failed.tenantId().value());
    require(
        excused || handedOn.contains(failed.id().value()),
        1,
        failed.id() + " failed, and nobody fell in for it");
  }

  /** The statuses that may follow, itself included: the contract's table, not our code's. */
  private static Set<Status> legal(Status from) {
    return switch (from) {
      case PENDING ->
          EnumSet.of(
              Status.PENDING, Status.PROVISIONING, Status.FAILED, Status.TIMEOUT, Status.CANCELLED);
      case PROVISIONING -> EnumSet.complementOf(EnumSet.noneOf(Status.class));
      case RUNNING -> EnumSet.complementOf(EnumSet.of(Status.PENDING, Status.PROVISIONING));
      case COMPLETING ->
          EnumSet.complementOf(EnumSet.of(Status.PENDING, Status.PROVISIONING, Status.RUNNING));
      case SUCCESS, FAILED, TIMEOUT, CANCELLED -> EnumSet.noneOf(Status.class);
    };
  }

  private void tenantWritten(Change change) {
    String tenant = change.keys().get(Tables.TENANT_ID).s();
    String what = change.keys().get(Tables.SORT_KEY).s();
    Map<String, Object> item = change.after().map(AttributeValues::item).orElse(Map.of());
    if (what.equals("SLOTS")) {
      Set<String> before = slots.getOrDefault(tenant, Set.of());
      Set<String> now = new HashSet<>();
      if (item.get("slots") instanceof Set<?> ids) {
        ids.forEach(id -> now.add((String) id));
      }
      slots.put(tenant, now);
      Map<String, String> workspaces = new HashMap<>();
      item.forEach(
          (name, value) -> {
            if (name.startsWith("wsp_")) {
              workspaces.put(name, (String) value);
            }
          });
      reserved.put(tenant, workspaces);
      dirty.add(tenant);
      if (now.size() > before.size()) {
        int limit = limit(tenant);
        require(now.size() <= limit, 8, tenant + " holds " + now.size() + " slots of " + limit);
      }
    } else if (what.startsWith("DAY#")) {
      long today = ((Number) item.get("used")).longValue();
      used.put(tenant + "/" + what.substring(4), today);
      long most =
          tiers.get(tenant).stream().mapToLong(then -> then.tier().perDay()).max().orElse(0);
      require(today <= most, 10, tenant + " has used " + today + " of " + most + " a day");
      if (tiers.get(tenant).stream().anyMatch(then -> today >= then.tier().perDay())) {
        daysFull.add(tenant);
      }
    } else if (what.equals(WebhooksItem.SORT_KEY)) {
      tellings.webhooksWritten(tenant, WebhooksItem.fromItem(item).webhooks());
    } else if (what.startsWith("DELIVERY#")) {
      tellings.deliveryWritten(DeliveryItem.fromItem(item));
    } else if (what.startsWith(WorkspaceItem.SORT_KEY_PREFIX)) {
      keepings.written(tenant, change);
    } else if (what.equals(TenantItem.SORT_KEY)) {
      Tenant now = TenantItem.fromItem(item).tenant();
      if (!change
          .before()
          .map(AttributeValues::item)
          .map(before -> TenantItem.fromItem(before).tenant())
          .equals(Optional.of(now))) {
        acts.tenantChanged(tenant);
      }
      if (now.suspended()) {
        suspended.add(tenant);
        suspendedNow.add(tenant);
      } else {
        suspendedNow.remove(tenant);
      }
      Tier tier = now.tier();
      tiers
          .computeIfAbsent(tenant, _ -> new ArrayList<>())
          .add(new TierAt(world.timeline().instant(), tier));
      // A day that a lower tier makes full is so without a write of its own.
      used.forEach(
          (day, count) -> {
            if (day.startsWith(tenant + "/") && count >= tier.perDay()) {
              daysFull.add(tenant);
            }
          });
    }
  }

  /** Whether a request for that many may be told that the day is full, by one of its tiers. */
  boolean mayBeFull(String tenant, int copies) {
    return used.entrySet().stream()
        .filter(day -> day.getKey().startsWith(tenant + "/"))
        .anyMatch(
            day ->
                tiers.get(tenant).stream()
                    .anyMatch(then -> day.getValue() + copies > then.tier().perDay()));
  }

  /** All tenants that there are. */
  Set<String> tenants() {
    return tiers.keySet();
  }

  /** Whether a tenant that may launch has a slot that is free. */
  boolean hasRoom(String tenant) {
    return !suspendedNow.contains(tenant)
        && holders.getOrDefault(tenant, Set.of()).size()
            < tiers.get(tenant).getLast().tier().concurrent();
  }

  /** Whether no other dispatch has the workspace. */
  boolean mayHave(Dispatch dispatch, WorkspaceId workspace) {
    String id = dispatch.id().value();
    return reserved
        .getOrDefault(dispatch.tenantId().value(), Map.of())
        .getOrDefault(workspace.value(), id)
        .equals(id);
  }

  /** The most slots that a launcher may think its tenant has. */
  private int limit(String tenant) {
    return limit(tenant, world.timeline().instant());
  }

  /** The most slots that a launcher may have thought its tenant has, at any time since then. */
  private int limit(String tenant, Instant since) {
    List<TierAt> all = tiers.get(tenant);
    int limit = all.getLast().tier().concurrent();
    for (int i = all.size() - 2; i >= 0; i--) {
      if (all.get(i + 1).at().plus(OLD_TIER).isAfter(since)) {
        limit = Math.max(limit, all.get(i).tier().concurrent());
      }
    }
    return limit;
  }

  /** Since when the first of a tenant's launched dispatches has been so: a lower tier ends none. */
  private Instant firstLaunch(String tenant) {
    return holders.getOrDefault(tenant, Set.of()).stream()
        .flatMap(id -> dispatches.get(id).state().launched().stream())
        .map(Launch::at)
        .min(Comparator.naturalOrder())
        .orElse(world.timeline().instant());
  }

  /** Called when a call has taken effect: what belongs together was written together. */
  void check() {
    for (String tenant : dirty) {
      Set<String> held = slots.getOrDefault(tenant, Set.of());
      Set<String> holding = holders.getOrDefault(tenant, Set.of());
      if (!held.equals(holding)) {
        violated(9, tenant + " has slots for " + held + ", but " + holding + " are launched");
      }
      Map<String, String> kept = reserved.getOrDefault(tenant, Map.of());
      Map<String, String> taken = inWorkspaces.getOrDefault(tenant, Map.of());
      if (!kept.equals(taken)) {
        violated(9, tenant + " keeps workspaces for " + kept + ", but they are " + taken);
      }
    }
    dirty.clear();
    acts.check();
  }

  // What really happens.

  /** RunTask has started a task for that launch of a dispatch. */
  void taskStarted(String dispatch, String attempt, String arn) {
    Story story = story(dispatch);
    story.task(arn);
    String first = story.startedFor.putIfAbsent(attempt, arn);
    require(
        first == null, 4, "launch " + attempt + " of " + dispatch + " has " + first + ", " + arn);
  }

  /** The platform itself has started one more than it was asked for. */
  void secondTaskStarted(String dispatch, String arn) {
    story(dispatch).task(arn);
  }

  void works(String dispatch, String arn) {
    Story story = story(dispatch);
    story.task(arn).worked = true;
    if (story.workers.add(arn)) {
      require(story.workers.size() == 1, 4, dispatch + " is worked on by " + story.workers);
    }
    String tenant = dispatches.get(dispatch).tenantId().value();
    Set<String> all = working.computeIfAbsent(tenant, _ -> new HashSet<>());
    all.add(arn);
    require(all.size() <= limit(tenant, firstLaunch(tenant)), 8, tenant + " has at work " + all);
    dispatches
        .get(dispatch)
        .spec()
        .booking()
        .map(booking -> booking.workspace().value())
        .ifPresent(
            workspace -> {
              Set<String> in = workingIn.computeIfAbsent(workspace, _ -> new HashSet<>());
              in.add(arn);
              require(in.size() == 1, 4, workspace + " is worked in by " + in);
            });
  }

  private Story.TaskStory ofTask(String arn) {
    return stories.values().stream()
        .filter(story -> story.tasks.containsKey(arn))
        .findFirst()
        .orElseThrow()
        .task(arn);
  }

  void failedToStart(String arn) {
    ofTask(arn).failedToStart = true;
    ofTask(arn).endedAt = Optional.of(world.timeline().instant());
  }

  void outOfMemory(String arn) {
    ofTask(arn).outOfMemory = true;
  }

  boolean ranOutOfMemory(String arn) {
    return ofTask(arn).outOfMemory;
  }

  void workedTo(String arn, Optional<Failure> failure) {
    ofTask(arn).workedTo = Optional.of(failure);
  }

  void told(String arn, Optional<Failure> failure) {
    ofTask(arn).told = Optional.of(failure);
  }

  void exited(String arn, int code) {
    ofTask(arn).exitCode = OptionalInt.of(code);
    ofTask(arn).endedAt = Optional.of(world.timeline().instant());
    working.values().forEach(all -> all.remove(arn));
    workingIn.values().forEach(all -> all.remove(arn));
  }

  void endedByPlatform(String arn, Fault by) {
    ofTask(arn).endedByPlatform = Optional.of(by);
  }

  void noCapacity(String dispatch) {
    story(dispatch).noCapacity++;
  }

  void refused(String dispatch) {
    story(dispatch).refused++;
  }

  void poisoned(String dispatch) {
    story(dispatch).poisoned = true;
  }

  // The end.

  /** Those by which the launcher failed so often that it gave them up. */
  List<String> givenUp() {
    return dispatches.values().stream()
        .filter(dispatch -> story(dispatch.id().value()).poisoned)
        .filter(
            dispatch ->
                dispatch.state() instanceof DispatchState.Ended ended
                    && ended.failure().filter(why -> why.cause() == Cause.INTERNAL).isPresent())
        .map(dispatch -> dispatch.id().value())
        .toList();
  }

  /** Whether nothing is left to happen to any dispatch. */
  boolean isSettled() {
    return dispatches.values().stream().allMatch(d -> d.state().isTerminal())
        && slots.values().stream().allMatch(Set::isEmpty)
        && reserved.values().stream().allMatch(Map::isEmpty)
        && indexed.isEmpty()
        && tellings.waiting().isEmpty();
  }

  /** What still waits in line or is to be found when it is due, for people. */
  Set<String> indexed() {
    return indexed;
  }

  /** What is still open, for people. */
  List<String> open() {
    return dispatches.values().stream()
        .filter(d -> !d.state().isTerminal())
        .map(d -> d.id() + " " + d.state())
        .toList();
  }

  /** What must hold when all is over. */
  void close(Map<String, Status> published) {
    for (Map.Entry<String, Long> day : admitted.entrySet()) {
      require(
          day.getValue().equals(used.get(day.getKey())),
          10,
          day.getKey() + " counts " + used.get(day.getKey()) + " of " + day.getValue());
    }
    for (Map.Entry<String, Status> transition : told.entrySet()) {
      Status heard = published.get(transition.getKey());
      require(transition.getValue() == heard, 11, transition + " was published as " + heard);
    }
    for (String transition : published.keySet()) {
      require(told.containsKey(transition), 11, transition + " was published and never was");
    }
    tellings.close();
    stories.forEach(this::judgeCancels);
    dispatches.values().stream().filter(Ledger::mayBeHandedOn).forEach(this::judgeFallback);
  }

  private void judgeCancels(String id, Story story) {
    Dispatch dispatch = dispatches.get(id);
    if (dispatch == null) {
      return;
    }
    boolean cancelled = dispatch.status() == Status.CANCELLED;
    if (story.cancelAccepted) {
      require(cancelled, 14, id + "'s cancel was accepted, and it is " + dispatch.status());
    } else if (story.cancelRefused && !story.cancelUnanswered) {
      require(!cancelled, 14, id + "'s cancel was refused, and it is cancelled");
    }
  }
}
