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
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * The oldest of a tenant's open dispatches that hold no slot and whose turn it is: what is open
   * without a slot waits.
   *
   * @param asked what the tenant's dispatches hold; asked when there is anything open, and only
   *     once
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
                  .indexName(Tables.BY_OPEN)
                  .keyConditionExpression("#shard = :shard AND #order BETWEEN :from AND :to")
                  .expressionAttributeNames(
                      Map.of("#shard", Tables.OPEN_SHARD, "#order", Tables.OPEN_ORDER))
                  .expressionAttributeValues(
                      Map.of(
                          ":shard",
                          AttributeValues.of(Tables.openShard(tenantId)),
                          ":from",
                          AttributeValues.of(Tables.openFrom(tenantId)),
                          ":to",
                          AttributeValues.of(Tables.openTo(tenantId))))
                  // Those that hold slots are mostly older: enough for all in nearly every case.
                  .limit(Math.max(limit, 1) + Tier.ENTERPRISE.concurrent())
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      List<Open> page =
          response.items().stream().map(Open::of).filter(o -> o.endedAt().isEmpty()).toList();
      if (held == null && !page.isEmpty()) {
        held = asked.get();
        turns = held.turns();
      }
      for (Open open : page) {
        if (waiting.size() < limit
            && open.tenantId().equals(tenantId)
            && !open.eligibleAt().isAfter(now)
            && !held.slots().contains(open.id())
            && turns.test(open.waiting())) {
          waiting.add(open.waiting());
        }
      }
      start = response.lastEvaluatedKey();
    } while (!start.isEmpty() && waiting.size() < limit);
    return List.copyOf(waiting);
  }

  List<Due> due(Instant now) {
    List<Seen> due = new ArrayList<>();
    List<Open> open = new ArrayList<>();
    for (Open entry : open()) {
      if (entry.endedAt().isPresent()) {
        Instant at = entry.endedAt().get().plus(Dispatch.TELL_LATENCY);
        due.add(new Seen(entry, Optional.empty(), at));
      } else if (!now.isBefore(entry.dueAsPending()) || entry.isExpired(now)) {
        // No state of a dispatch is due earlier than the wait before it was.
        open.add(entry);
      }
    }
    due.addAll(seen(open));
    return due.stream()
        .filter(seen -> seen.isDue(now))
        .sorted(Comparator.comparing(Seen::dueAt).thenComparing(seen -> seen.open().id()))
        .map(seen -> seen.due(now))
        .toList();
  }

  Map<String, Map<Status, Integer>> openByAgent() {
    Map<String, Map<Status, Integer>> counts = new HashMap<>();
    for (Seen seen : seen(open().stream().filter(open -> open.endedAt().isEmpty()).toList())) {
      seen.status()
          .filter(status -> !status.isTerminal())
          .ifPresent(
              status ->
                  counts
                      .computeIfAbsent(seen.open().agent(), _ -> new HashMap<>())
                      .merge(status, 1, Integer::sum));
    }
    return counts;
  }

  /** An entry of the index; one that was never deferred was eligible from its begin. */
  private record Open(
      DispatchId id,
      TenantId tenantId,
      String agent,
      Instant eligibleAt,
      Optional<Instant> expiresAt,
      Optional<Instant> endedAt,
      Optional<WorkspaceId> workspace) {
    static Open of(Map<String, AttributeValue> entry) {
      return new Open(
          new DispatchId(entry.get(Tables.DISPATCH_ID).s()),
          new TenantId(entry.get(Tables.TENANT_ID).s()),
          entry.get(Tables.AGENT).s(),
          Optional.ofNullable(entry.get(Tables.ELIGIBLE_AT))
              .map(at -> Nanos.instant(Long.parseLong(at.n())))
              .orElse(Instant.EPOCH),
          Optional.ofNullable(entry.get(Tables.EXPIRES_AT)).map(at -> Instant.parse(at.s())),
          Optional.ofNullable(entry.get(Tables.ENDED_AT))
              .map(at -> Nanos.instant(Long.parseLong(at.n()))),
          Optional.ofNullable(entry.get(Tables.WORKSPACE)).map(id -> new WorkspaceId(id.s())));
    }

    Waiting waiting() {
      return new Waiting(id, workspace);
    }

    /** When the reconciler must look at it, if it waits. */
    Instant dueAsPending() {
      return eligibleAt.plus(Dispatch.ENQUEUE_LATENCY);
    }

    /** Whether it may wait no longer, as its id tells when it was accepted. */
    boolean isExpired(Instant now) {
      return expiresAt
          .map(at -> !now.isBefore(at))
          .orElseGet(() -> id.compareTo(DispatchId.floor(now.minus(Dispatch.MAX_WAIT))) <= 0);
    }
  }

  /** An entry of the index, and what its dispatch is now; no status where that was not read. */
  private record Seen(Open open, Optional<Status> status, Instant dueAt) {
    boolean isDue(Instant now) {
      return !now.isBefore(dueAt)
          || (status.equals(Optional.of(Status.PENDING)) && open.isExpired(now));
    }

    Due due(Instant now) {
      if (status.isEmpty() || status.get().isTerminal()) {
        return new Due.Untold(open.id(), open.tenantId());
      }
      return status.get() == Status.PENDING
          ? new Due.Pending(open.id(), open.tenantId(), open.isExpired(now))
          : new Due.Launched(open.id(), open.tenantId());
    }
  }

  /**
   * What these are now, by a read of each. Of a tenant with a long backlog its slots tell by one
   * read which of them have been launched, and only those are read.
   */
  private List<Seen> seen(List<Open> entries) {
    Map<TenantId, List<Open>> byTenant = new LinkedHashMap<>();
    for (Open open : entries) {
      byTenant.computeIfAbsent(open.tenantId(), _ -> new ArrayList<>()).add(open);
    }
    List<Seen> seen = new ArrayList<>();
    List<Open> unknown = new ArrayList<>();
    byTenant.forEach(
        (tenantId, ofTenant) -> {
          if (ofTenant.size() <= Batch.MAX_KEYS) {
            unknown.addAll(ofTenant);
            return;
          }
          Set<DispatchId> launched = table.held(tenantId).slots();
          for (Open open : ofTenant) {
            if (launched.contains(open.id())) {
              unknown.add(open);
            } else {
              seen.add(new Seen(open, Optional.of(Status.PENDING), open.dueAsPending()));
            }
          }
        });
    for (int from = 0; from < unknown.size(); from += Batch.MAX_KEYS) {
      Map<String, Open> part = new HashMap<>();
      unknown
          .subList(from, Math.min(from + Batch.MAX_KEYS, unknown.size()))
          .forEach(open -> part.put(open.id().value(), open));
      Batch.read(
          table.client,
          table.patience,
          table.dispatches,
          part.keySet().stream().map(DispatchTable::key).toList(),
          false,
          item -> seen.add(seen(part.get(item.get(Tables.DISPATCH_ID).s()), item)));
    }
    return seen;
  }

  private static Seen seen(Open open, Map<String, AttributeValue> item) {
    try {
      Dispatch dispatch = DispatchItem.fromItem(AttributeValues.item(item));
      return new Seen(open, Optional.of(dispatch.status()), dispatch.dueAt());
    } catch (IllegalArgumentException _) {
      // Whoever finds it due reads it again and complains: it must not hide the others.
      return new Seen(open, Optional.of(Status.RUNNING), open.dueAsPending());
    }
  }

  /** Every entry of the index. */
  private List<Open> open() {
    List<Open> open = new ArrayList<>();
    for (int shard = 0; shard < Tables.OPEN_SHARDS; shard++) {
      Map<String, AttributeValue> start = Map.of();
      do {
        QueryResponse response =
            query(
                QueryRequest.builder()
                    .indexName(Tables.BY_OPEN)
                    .keyConditionExpression("#shard = :shard")
                    .expressionAttributeNames(Map.of("#shard", Tables.OPEN_SHARD))
                    .expressionAttributeValues(
                        Map.of(":shard", AttributeValues.of(String.valueOf(shard))))
                    .exclusiveStartKey(start.isEmpty() ? null : start));
        response.items().forEach(entry -> open.add(Open.of(entry)));
        start = response.lastEvaluatedKey();
      } while (!start.isEmpty());
    }
    return open;
  }

  private QueryResponse query(QueryRequest.Builder builder) {
    QueryRequest request = builder.tableName(table.dispatches).build();
    return table.patience.with(() -> table.client.query(request));
  }
}
