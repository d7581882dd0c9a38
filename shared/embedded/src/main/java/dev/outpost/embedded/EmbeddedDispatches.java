package dev.outpost.embedded;

import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Day;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.GroupId;
import dev.outpost.dispatch.Held;
import dev.outpost.dispatch.IdempotencyKey;
import dev.outpost.dispatch.Intake;
import dev.outpost.dispatch.Lifecycle;
import dev.outpost.dispatch.Line;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Transition;
import dev.outpost.dispatch.Waiting;
import dev.outpost.items.AdmissionItems;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Dispatches on the embedded store. Safe for use by many threads of one process.
 *
 * <p>Each transition appends to the {@link EmbeddedStream} in its own transaction, as a table's
 * stream would tell it.
 */
public final class EmbeddedDispatches implements Dispatches {
  private static final String DISPATCHES = "dispatches";
  private static final String TASKS = "tasks";
  private static final String OUTPUTS = "outputs";
  private static final String BY_TENANT = "dispatches_by_tenant";
  private static final String WAITING = "dispatches_waiting";
  private static final String DUE = "dispatches_due";

  /** Between the instant and the workspace of one that waits. */
  private static final String BEHIND = "|";

  /** Between what an entry of those that are due tells. */
  private static final String BETWEEN = "|";

  static final String SLOTS = "slots";
  private static final String DAYS = "days";

  /** Who has which workspace; {@link EmbeddedWorkspaces} deletes none that is in here. */
  static final String WORKSPACES_HELD = "workspaces_held";

  private static final String IDEMPOTENCY = "idempotency";
  private static final String GROUPS = "groups";

  /** How many dispatches one listing looks at before it gives what it has found. */
  private static final int MAX_EXAMINED = 1000;

  /** An id is drawn a moment before or after the time of acceptance that goes with it. */
  private static final Duration ID_SLACK = Duration.ofSeconds(1);

  private static final Instant FAR = Instant.ofEpochMilli((1L << 48) - 1);

  private final EmbeddedStore store;
  private final EmbeddedStream stream;

  /** In that store, telling that stream. */
  public EmbeddedDispatches(EmbeddedStore store, EmbeddedStream stream) {
    this.store = Objects.requireNonNull(store, "store");
    this.stream = Objects.requireNonNull(stream, "stream");
  }

  @Override
  public Admission admit(Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    Admission admission = store.transact(tx -> admit(tx, intake, dayLimit, key));
    stream.wake();
    return admission;
  }

  @Override
  public Optional<Intake> accepted(TenantId tenantId, IdempotencyKey key, Instant now) {
    String tenant = tenantId.value() + "/";
    return store.transact(
        tx ->
            record(tx, tenant, key, now)
                .filter(record -> AdmissionItems.isSameRequest(record, key))
                .map(record -> earlier(tx, tenant, record)));
  }

  private static Optional<Map<String, Object>> record(
      StoreTransaction tx, String tenant, IdempotencyKey key, Instant now) {
    return tx.get(IDEMPOTENCY, tenant + key.key())
        .map(ItemJson::read)
        .filter(record -> isKept(record, now));
  }

  private Admission admit(
      StoreTransaction tx, Intake intake, int dayLimit, Optional<IdempotencyKey> key) {
    String tenant = intake.tenantId().value() + "/";
    if (tx.get(DISPATCHES, intake.first().id().value()).isPresent()) {
      // The same call again, after an answer that was lost.
      return new Admission.Accepted(intake);
    }
    if (key.isPresent()) {
      Optional<Map<String, Object>> known = record(tx, tenant, key.get(), intake.createdAt());
      if (known.isPresent()) {
        return AdmissionItems.isSameRequest(known.get(), key.get())
            ? new Admission.Replayed(earlier(tx, tenant, known.get()))
            : new Admission.KeyReused();
      }
    }
    Day day = Day.of(intake.createdAt());
    String dayKey = tenant + day.date();
    int count = tx.get(DAYS, dayKey).map(Integer::parseInt).orElse(0);
    if (count + intake.size() > dayLimit) {
      return new Admission.DayUsedUp(dayLimit, Math.max(0, dayLimit - count), day.end());
    }
    Optional<Booking> taken = intake.taken();
    if (taken.isPresent()) {
      String held = tenant + taken.get().workspace();
      if (tx.get(WORKSPACES_HELD, held).isPresent()) {
        return new Admission.WorkspaceBusy(taken.get());
      }
      tx.put(WORKSPACES_HELD, held, intake.first().id().value());
    }
    tx.put(DAYS, dayKey, Integer.toString(count + intake.size()));
    key.ifPresent(
        word ->
            tx.put(
                IDEMPOTENCY,
                tenant + word.key(),
                ItemJson.write(AdmissionItems.idempotency(intake, word))));
    intake
        .group()
        .ifPresent(
            group ->
                tx.put(
                    GROUPS,
                    tenant + group.value(),
                    ItemJson.write(AdmissionItems.group(intake, group))));
    intake.audited().ifPresent(line -> EmbeddedAuditTrail.put(tx, line));
    for (Dispatch dispatch : intake.dispatches()) {
      DispatchItem.toTaskItem(dispatch)
          .ifPresent(item -> tx.put(TASKS, dispatch.id().value(), ItemJson.write(item)));
      tx.put(BY_TENANT, tenant + dispatch.id().value(), "");
      write(tx, Optional.empty(), Optional.empty(), dispatch, DispatchItem.toItem(dispatch));
    }
    return new Admission.Accepted(intake);
  }

  private static Intake earlier(StoreView view, String tenant, Map<String, Object> idempotency) {
    Optional<GroupId> group = AdmissionItems.groupOf(idempotency);
    return group.isPresent()
        ? new Intake(group(view, tenant, group.get()))
        : Intake.of(whole(view, AdmissionItems.firstOf(idempotency).value()));
  }

  @Override
  public List<Dispatch> group(TenantId tenantId, GroupId group) {
    return store.read(view -> group(view, tenantId.value() + "/", group));
  }

  private static List<Dispatch> group(StoreView view, String tenant, GroupId group) {
    List<Dispatch> members = new ArrayList<>();
    view.get(GROUPS, tenant + group.value())
        .map(ItemJson::read)
        .map(AdmissionItems::idsOf)
        .orElse(List.of())
        .forEach(id -> members.add(whole(view, id)));
    return members;
  }

  private static boolean isKept(Map<String, Object> idempotency, Instant now) {
    return ((Number) idempotency.get(Tables.EXPIRES)).longValue() > now.getEpochSecond();
  }

  @Override
  public Optional<Dispatch> find(DispatchId id) {
    return store.read(view -> find(view, id.value()));
  }

  private static Optional<Dispatch> find(StoreView view, String id) {
    return view.get(DISPATCHES, id)
        .map(ItemJson::read)
        .map(
            item ->
                DispatchItem.hasTaskApart(item)
                    ? DispatchItem.fromItems(item, ItemJson.read(view.get(TASKS, id).orElseThrow()))
                    : DispatchItem.fromItem(item));
  }

  @Override
  public void keepOutput(Dispatch dispatch, String json) {
    store.transact(
        tx -> {
          String id = dispatch.id().value();
          if (tx.get(OUTPUTS, id).isEmpty()) {
            tx.put(OUTPUTS, id, ItemJson.write(DispatchItem.toOutputItem(dispatch, json)));
          }
          return id;
        });
  }

  @Override
  public Optional<String> output(DispatchId id) {
    return store.read(
        view -> view.get(OUTPUTS, id.value()).map(ItemJson::read).map(DispatchItem::output));
  }

  private static Dispatch whole(StoreView view, String id) {
    return find(view, id).orElseThrow(() -> new IllegalStateException(id + " is gone"));
  }

  @Override
  public Change change(DispatchId id, DispatchEvent event) {
    Change change = store.transact(tx -> change(tx, id, event));
    if (change instanceof Change.Changed) {
      stream.wake();
    }
    return change;
  }

  private Change change(StoreTransaction tx, DispatchId id, DispatchEvent event) {
    Optional<Dispatch> found = find(tx, id.value());
    if (found.isEmpty()) {
      return new Change.Unknown();
    }
    Dispatch before = found.get();
    return switch (Lifecycle.on(before.state(), event)) {
      case Transition.Ignored ignored -> new Change.Unchanged(before, ignored.why());
      case Transition.Refused refused -> new Change.Refused(before, refused.why());
      case Transition.To to -> {
        Dispatch after = before.in(to.next());
        if (!move(tx, before, after, event)) {
          yield new Change.NoSlot(before);
        }
        Map<String, Object> item = ItemJson.read(tx.get(DISPATCHES, id.value()).orElseThrow());
        write(tx, Optional.of(before), Optional.of(item), after, DispatchItem.next(item, after));
        yield new Change.Changed(before, after);
      }
    };
  }

  /**
   * Takes or frees the slot and the workspace that go with the transition; whether both were to be
   * had, if they are taken.
   */
  private static boolean move(
      StoreTransaction tx, Dispatch before, Dispatch after, DispatchEvent event) {
    String tenant = after.tenantId().value() + "/";
    String slot = tenant + after.id().value();
    if (before.state().holdsSlot() && !after.state().holdsSlot()) {
      tx.remove(SLOTS, slot);
    } else if (!before.state().holdsSlot()
        && after.state().holdsSlot()
        && event instanceof DispatchEvent.Launching launching) {
      Optional<WorkspaceId> workspace = after.holdsWorkspace();
      boolean othersWorkspace =
          workspace
              .flatMap(id -> tx.get(WORKSPACES_HELD, tenant + id))
              .filter(holder -> !holder.equals(after.id().value()))
              .isPresent();
      if (othersWorkspace
          || tx.ascending(SLOTS, tenant).limit(launching.slots()).count() >= launching.slots()) {
        return false;
      }
      tx.put(SLOTS, slot, "");
      workspace.ifPresent(id -> tx.put(WORKSPACES_HELD, tenant + id, after.id().value()));
    }
    if (after.holdsWorkspace().isEmpty()) {
      before.holdsWorkspace().ifPresent(id -> tx.remove(WORKSPACES_HELD, tenant + id));
    }
    return true;
  }

  /** Writes the record, its indexes and the stream's record. */
  private void write(
      StoreTransaction tx,
      Optional<Dispatch> before,
      Optional<Map<String, Object>> oldItem,
      Dispatch after,
      Map<String, Object> newItem) {
    before.map(EmbeddedDispatches::waitingKey).ifPresent(key -> tx.remove(WAITING, key));
    before.map(EmbeddedDispatches::dueKey).ifPresent(key -> tx.remove(DUE, key));
    if (after.state() instanceof DispatchState.Pending pending) {
      String workspace = after.waiting().workspace().map(WorkspaceId::value).orElse("");
      tx.put(
          WAITING, waitingKey(after), Sortable.instant(pending.eligibleAt()) + BEHIND + workspace);
    }
    tx.put(
        DUE,
        dueKey(after),
        String.join(
            BETWEEN,
            after.tenantId().value(),
            after.status().wire(),
            after.spec().agent(),
            // As text: a client may ask for any year.
            after.expiresAt().toString()));
    tx.put(DISPATCHES, after.id().value(), ItemJson.write(newItem));
    stream.append(tx, oldItem, newItem);
  }

  private static String waitingKey(Dispatch dispatch) {
    return dispatch.tenantId().value() + "/" + dispatch.id().value();
  }

  private static String dueKey(Dispatch dispatch) {
    return Sortable.instant(dispatch.dueAt()) + "/" + dispatch.id().value();
  }

  @Override
  public Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    return store.read(view -> list(view, tenantId, filter, after, limit));
  }

  private static Page list(
      StoreView view, TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    String tenant = tenantId.value() + "/";
    Optional<DispatchId> until = filter.until().map(to -> DispatchId.floor(later(to, ID_SLACK)));
    Optional<DispatchId> from =
        Stream.concat(after.stream(), until.stream()).min(DispatchId::compareTo);
    String lowest =
        filter
            .since()
            .map(at -> DispatchId.floor(later(at, ID_SLACK.negated())).value())
            .orElse("");
    List<Dispatch> found = new ArrayList<>();
    String last = "";
    int examined = 0;
    boolean more = false;
    try (Stream<StoreView.Entry> entries =
        from.isPresent()
            ? view.descending(BY_TENANT, tenant, tenant + from.get().value())
            : view.descending(BY_TENANT, tenant)) {
      for (StoreView.Entry entry : (Iterable<StoreView.Entry>) entries::iterator) {
        String id = entry.key().substring(tenant.length());
        if (id.compareTo(lowest) < 0) {
          break;
        }
        if (after.isPresent() && id.equals(after.get().value())) {
          continue;
        }
        if (found.size() == limit || examined == MAX_EXAMINED) {
          more = true;
          break;
        }
        examined++;
        last = id;
        Dispatch dispatch =
            DispatchItem.fromItem(ItemJson.read(view.get(DISPATCHES, id).orElseThrow()));
        if (filter.wants(dispatch)) {
          found.add(dispatch);
        }
      }
    }
    return new Page(found, more ? Optional.of(new DispatchId(last)) : Optional.empty());
  }

  /** That much later, within a few thousand years of now: clients may ask for any instant. */
  private static Instant later(Instant instant, Duration by) {
    if (instant.isBefore(Instant.EPOCH)) {
      return Instant.EPOCH;
    }
    return instant.isAfter(FAR) ? FAR : instant.plus(by);
  }

  @Override
  public List<DispatchId> waiting(TenantId tenantId, Instant now, int limit) {
    return line(tenantId, now, limit).waiting().stream().map(Waiting::id).toList();
  }

  @Override
  public Line line(TenantId tenantId, Instant now, int limit) {
    String tenant = tenantId.value() + "/";
    return store.read(
        view -> {
          Held held = held(view, tenant);
          Predicate<Waiting> turns = held.turns();
          List<Waiting> waiting = new ArrayList<>();
          try (Stream<StoreView.Entry> entries = view.ascending(WAITING, tenant)) {
            for (StoreView.Entry entry : (Iterable<StoreView.Entry>) entries::iterator) {
              if (waiting.size() == limit) {
                break;
              }
              String[] told = entry.value().split("\\|", -1);
              Waiting one =
                  new Waiting(
                      new DispatchId(entry.key().substring(tenant.length())),
                      told.length > 1 ? WorkspaceId.parse(told[1]) : Optional.empty());
              if (!Sortable.instant(told[0]).isAfter(now) && turns.test(one)) {
                waiting.add(one);
              }
            }
          }
          return new Line(held, waiting);
        });
  }

  @Override
  public Held held(TenantId tenantId) {
    return store.read(view -> held(view, tenantId.value() + "/"));
  }

  private static Held held(StoreView view, String tenant) {
    Set<DispatchId> slots = new HashSet<>();
    try (Stream<StoreView.Entry> entries = view.ascending(SLOTS, tenant)) {
      entries.forEach(e -> slots.add(new DispatchId(e.key().substring(tenant.length()))));
    }
    Map<WorkspaceId, DispatchId> workspaces = new HashMap<>();
    try (Stream<StoreView.Entry> entries = view.ascending(WORKSPACES_HELD, tenant)) {
      entries.forEach(
          e ->
              workspaces.put(
                  new WorkspaceId(e.key().substring(tenant.length())), new DispatchId(e.value())));
    }
    return new Held(slots, workspaces);
  }

  @Override
  public int freeEnded(TenantId tenantId) {
    String tenant = tenantId.value() + "/";
    return store.transact(
        tx -> {
          Held held = held(tx, tenant);
          int freed = 0;
          for (DispatchId id : held.slots()) {
            if (isOver(tx, id)) {
              tx.remove(SLOTS, tenant + id);
              freed++;
            }
          }
          for (Map.Entry<WorkspaceId, DispatchId> workspace : held.workspaces().entrySet()) {
            if (isOver(tx, workspace.getValue())) {
              tx.remove(WORKSPACES_HELD, tenant + workspace.getKey());
              freed++;
            }
          }
          return freed;
        });
  }

  private static boolean isOver(StoreView view, DispatchId id) {
    return find(view, id.value()).map(dispatch -> dispatch.state().isTerminal()).orElse(true);
  }

  @Override
  public List<Due> due(Instant now) {
    String past = Sortable.instant(now) + "0";
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries = view.ascending(DUE, "")) {
            return entries
                .takeWhile(entry -> entry.key().compareTo(past) < 0)
                .map(entry -> due(entry, now))
                .toList();
          }
        });
  }

  private static Due due(StoreView.Entry entry, Instant now) {
    DispatchId id = new DispatchId(entry.key().substring(entry.key().indexOf('/') + 1));
    String[] told = told(entry);
    TenantId tenantId = new TenantId(told[0]);
    return switch (status(told)) {
      // Without a time in what an earlier version wrote, until it is written again.
      case PENDING ->
          new Due.Pending(id, tenantId, told.length > 3 && !now.isBefore(Instant.parse(told[3])));
      case PROVISIONING, RUNNING, COMPLETING -> new Due.Launched(id);
      case SUCCESS, FAILED, TIMEOUT, CANCELLED -> new Due.Untold(id);
    };
  }

  /** What an entry of those that are due tells: tenant, status, agent and until when it waits. */
  private static String[] told(StoreView.Entry entry) {
    return entry.value().split("\\|", -1);
  }

  private static Status status(String[] told) {
    return Status.of(told[1]).orElseThrow();
  }

  @Override
  public void told(Dispatch ended) {
    store.transact(
        tx -> {
          tx.remove(DUE, dueKey(ended));
          return ended;
        });
  }

  @Override
  public Map<String, Map<Status, Integer>> open() {
    return store.read(
        view -> {
          Map<String, Map<Status, Integer>> counts = new TreeMap<>();
          try (Stream<StoreView.Entry> entries = view.ascending(DUE, "")) {
            entries
                .map(EmbeddedDispatches::told)
                .filter(told -> !status(told).isTerminal())
                .forEach(
                    told ->
                        counts
                            .computeIfAbsent(told[2], _ -> new EnumMap<>(Status.class))
                            .merge(status(told), 1, Integer::sum));
          }
          return new LinkedHashMap<>(counts);
        });
  }
}
