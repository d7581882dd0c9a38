package dev.outpost.dynamodb;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.Held;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.dispatch.Waiting;
import dev.outpost.items.DispatchItem;
import dev.outpost.items.Nanos;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** What is found through the indexes of the dispatches; it may lag behind by a moment. */
final class Finding {
  /** How many dispatches one page of a filtered list looks at, lest a rare filter read them all. */
  private static final int MAX_EXAMINED = 1_000;

  /**
   * An id's time and the dispatch's own are read from one clock, one just after the other; this
   * covers a clock that was set back between. What is found in excess is filtered out again.
   */
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(1);

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final DispatchTable table;

  Finding(DispatchTable table) {
    this.table = table;
  }

  Page list(TenantId tenantId, Filter filter, Optional<DispatchId> after, int limit) {
    boolean all = filter.equals(Filter.ALL);
    String least = bound(filter.since().orElse(Instant.EPOCH), CLOCK_SLACK.negated());
    String most = bound(filter.until().orElse(LAST), CLOCK_SLACK);
    String greatest =
        after.map(DispatchId::value).filter(id -> id.compareTo(most) < 0).orElse(most);
    List<Dispatch> page = new ArrayList<>();
    if (least.compareTo(greatest) > 0) {
      return new Page(page, Optional.empty());
    }
    Map<String, AttributeValue> start = Map.of();
    Optional<DispatchId> last = after;
    int examined = 0;
    do {
      QueryResponse response =
          query(
              byTenant(tenantId, least, greatest)
                  // One more tells whether there is more, and the bound itself is not wanted.
                  .limit(all ? limit + 2 : Batch.MAX_KEYS)
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      start = response.lastEvaluatedKey();
      List<String> ids = new ArrayList<>();
      for (Map<String, AttributeValue> key : response.items()) {
        String id = key.get(Tables.DISPATCH_ID).s();
        if (after.isEmpty() || !id.equals(after.get().value())) {
          ids.add(id);
        }
      }
      Map<String, Dispatch> found =
          table.summaries(all ? ids.subList(0, Math.min(limit, ids.size())) : ids);
      for (String id : ids) {
        if (page.size() == limit || (all && examined == limit)) {
          return new Page(page, last);
        }
        examined++;
        last = Optional.of(new DispatchId(id));
        Optional.ofNullable(found.get(id))
            .filter(dispatch -> dispatch.tenantId().equals(tenantId))
            .filter(filter::wants)
            .ifPresent(page::add);
      }
    } while (!start.isEmpty() && examined < MAX_EXAMINED);
    return new Page(page, start.isEmpty() ? Optional.empty() : last);
  }

  private static String bound(Instant instant, Duration slack) {
    Instant within = instant.isAfter(LAST) ? LAST : instant;
    return DispatchId.floor(within.isBefore(Instant.EPOCH) ? Instant.EPOCH : within.plus(slack))
        .value();
  }

  private QueryRequest.Builder byTenant(TenantId tenantId, String least, String greatest) {
    return QueryRequest.builder()
        .indexName(Tables.BY_TENANT)
        .keyConditionExpression("#tenant = :tenant AND #id BETWEEN :least AND :greatest")
        .expressionAttributeNames(Map.of("#tenant", Tables.TENANT_ID, "#id", Tables.DISPATCH_ID))
        .expressionAttributeValues(
            Map.of(
                ":tenant",
                AttributeValues.of(tenantId.value()),
                ":least",
                AttributeValues.of(least),
                ":greatest",
                AttributeValues.of(greatest)))
        .scanIndexForward(false);
  }

  /**
   * The oldest of a tenant's waiting dispatches whose turn it is.
   *
   * @param asked what the tenant's dispatches hold; asked when anything waits, and only once
   */
  List<Waiting> waiting(TenantId tenantId, Instant now, int limit, Supplier<Held> asked) {
    List<Waiting> waiting = new ArrayList<>();
    Held held = null;
    Predicate<Waiting> turns = null;
    Map<String, AttributeValue> start = Map.of();
    do {
      QueryResponse response =
          query(
              QueryRequest.builder()
                  .indexName(Tables.BY_WAITING)
                  .keyConditionExpression("#shard = :shard AND begins_with(#order, :tenant)")
                  .expressionAttributeNames(
                      Map.of("#shard", Tables.WAITING_SHARD, "#order", Tables.WAITING_ORDER))
                  .expressionAttributeValues(
                      Map.of(
                          ":shard",
                          AttributeValues.of(Tables.waitingShard(tenantId)),
                          ":tenant",
                          AttributeValues.of(Tables.waitingOf(tenantId))))
                  // Some wait for their time or their workspace, or were launched a moment ago.
                  .limit(start.isEmpty() ? 2 * Math.max(limit, 1) : Batch.MAX_KEYS)
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      if (held == null && !response.items().isEmpty()) {
        held = asked.get();
        turns = held.turns();
      }
      for (Map<String, AttributeValue> item : response.items()) {
        Entry entry = Entry.of(item);
        if (waiting.size() < limit
            && !entry.eligibleAt().isAfter(now)
            && !held.slots().contains(entry.id())
            && turns.test(entry.waiting())) {
          waiting.add(entry.waiting());
        }
      }
      start = response.lastEvaluatedKey();
    } while (!start.isEmpty() && waiting.size() < limit);
    return List.copyOf(waiting);
  }

  List<Due> due(Instant now) {
    List<DueFrom> due = new ArrayList<>();
    for (Entry waiting : waiting()) {
      boolean expired = waiting.isExpired(now);
      if (expired || !now.isBefore(waiting.dueAt())) {
        Due pending = new Due.Pending(waiting.id(), waiting.tenantId(), expired);
        due.add(new DueFrom(waiting.dueAt(), pending));
      }
    }
    eachDue(
        now,
        item -> DueFrom.of(item).filter(found -> !now.isBefore(found.at())).ifPresent(due::add));
    return due.stream()
        .sorted(Comparator.comparing(DueFrom::at).thenComparing(found -> found.due().id()))
        .map(DueFrom::due)
        .toList();
  }

  Map<String, Map<Status, Integer>> openByAgent() {
    Map<String, Map<Status, Integer>> counts = new HashMap<>();
    waiting().forEach(entry -> count(counts, entry.agent(), Status.PENDING));
    eachDue(
        LAST,
        item ->
            dispatch(item)
                .filter(dispatch -> dispatch.state().holdsSlot())
                .ifPresent(launched -> count(counts, launched.spec().agent(), launched.status())));
    return counts;
  }

  private static void count(Map<String, Map<Status, Integer>> counts, String agent, Status status) {
    counts.computeIfAbsent(agent, _ -> new HashMap<>()).merge(status, 1, Integer::sum);
  }

  /** An entry of {@link Tables#BY_WAITING}. */
  private record Entry(
      DispatchId id,
      TenantId tenantId,
      String agent,
      Instant eligibleAt,
      Optional<Instant> expiresAt,
      Optional<WorkspaceId> workspace) {
    static Entry of(Map<String, AttributeValue> entry) {
      return new Entry(
          new DispatchId(entry.get(Tables.DISPATCH_ID).s()),
          new TenantId(entry.get(Tables.TENANT_ID).s()),
          entry.get(Tables.AGENT).s(),
          Nanos.instant(Long.parseLong(entry.get(Tables.ELIGIBLE_AT).n())),
          Optional.ofNullable(entry.get(Tables.EXPIRES_AT)).map(at -> Instant.parse(at.s())),
          Optional.ofNullable(entry.get(Tables.WORKSPACE)).map(id -> new WorkspaceId(id.s())));
    }

    Waiting waiting() {
      return new Waiting(id, workspace);
    }

    /** When its message may be lost; one whose time to wait is over before is due as expired. */
    Instant dueAt() {
      return eligibleAt.plus(Dispatch.ENQUEUE_LATENCY);
    }

    /** Whether it may wait no longer, as its id tells when it was accepted. */
    boolean isExpired(Instant now) {
      return expiresAt
          .map(at -> !now.isBefore(at))
          .orElseGet(() -> id.compareTo(DispatchId.floor(now.minus(Dispatch.MAX_WAIT))) <= 0);
    }
  }

  /** What is due, and since when. */
  private record DueFrom(Instant at, Due due) {
    /** What a dispatch is due as that was found by {@link Tables#BY_DUE}. */
    static Optional<DueFrom> of(Map<String, AttributeValue> item) {
      Optional<Dispatch> found = dispatch(item);
      if (found.isEmpty()) {
        // Whoever settles it reads it again and complains: it must not hide the others.
        DispatchId id = new DispatchId(item.get(Tables.DISPATCH_ID).s());
        return Optional.of(new DueFrom(Instant.EPOCH, new Due.Launched(id)));
      }
      // One that waits was deferred just now, or launched just now.
      return found
          .filter(dispatch -> dispatch.status() != Status.PENDING)
          .map(dispatch -> new DueFrom(dispatch.dueAt(), as(dispatch)));
    }

    private static Due as(Dispatch dispatch) {
      return dispatch.state().isTerminal()
          ? new Due.Untold(dispatch.id())
          : new Due.Launched(dispatch.id());
    }
  }

  private static Optional<Dispatch> dispatch(Map<String, AttributeValue> item) {
    try {
      return Optional.of(DispatchItem.fromItem(AttributeValues.item(item)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Every entry of {@link Tables#BY_WAITING}. */
  private List<Entry> waiting() {
    List<Entry> waiting = new ArrayList<>();
    for (int shard = 0; shard < Tables.WAITING_SHARDS; shard++) {
      QueryRequest request =
          QueryRequest.builder()
              .tableName(table.dispatches)
              .indexName(Tables.BY_WAITING)
              .keyConditionExpression("#shard = :shard")
              .expressionAttributeNames(Map.of("#shard", Tables.WAITING_SHARD))
              .expressionAttributeValues(
                  Map.of(":shard", AttributeValues.of(String.valueOf(shard))))
              .build();
      Paged.all(request, table.client, table.patience)
          .forEach(entry -> waiting.add(Entry.of(entry)));
    }
    return waiting;
  }

  /** The items of what {@link Tables#BY_DUE} has up to that instant. */
  private void eachDue(Instant until, Consumer<Map<String, AttributeValue>> each) {
    // A query is no snapshot: an entry that moves while it is read may come twice.
    Set<String> ids = new LinkedHashSet<>();
    Paged.all(
            DispatchTable.dueUntil(table.dispatches, Tables.DUE_DISPATCHES, until),
            table.client,
            table.patience)
        .forEach(entry -> ids.add(entry.get(Tables.DISPATCH_ID).s()));
    List<Map<String, AttributeValue>> keys = ids.stream().map(DispatchTable::key).toList();
    for (int from = 0; from < keys.size(); from += Batch.MAX_KEYS) {
      List<Map<String, AttributeValue>> part =
          keys.subList(from, Math.min(from + Batch.MAX_KEYS, keys.size()));
      Batch.read(table.client, table.patience, table.dispatches, part, false, each);
    }
  }

  private QueryResponse query(QueryRequest.Builder builder) {
    QueryRequest request = builder.tableName(table.dispatches).build();
    return table.patience.with(() -> table.client.query(request));
  }
}
