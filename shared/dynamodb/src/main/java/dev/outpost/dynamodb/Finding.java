package dev.outpost.dynamodb;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Due;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.items.Nanos;
import dev.outpost.items.Tables;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

  List<DispatchId> waiting(TenantId tenantId, Instant now, int limit) {
    List<DispatchId> ids = new ArrayList<>();
    Map<String, AttributeValue> start = Map.of();
    do {
      QueryResponse response =
          query(
              QueryRequest.builder()
                  .indexName(Tables.BY_WAITING)
                  .keyConditionExpression("#tenant = :tenant")
                  .filterExpression("#eligible <= :now")
                  .expressionAttributeNames(
                      Map.of("#tenant", Tables.WAITING_TENANT, "#eligible", Tables.ELIGIBLE_AT))
                  .expressionAttributeValues(
                      Map.of(
                          ":tenant",
                          AttributeValues.of(tenantId.value()),
                          ":now",
                          AttributeValues.of(Nanos.of(now))))
                  // The limit counts before the filter: enough for all in nearly every case.
                  .limit(Math.max(limit, 1))
                  .exclusiveStartKey(start.isEmpty() ? null : start));
      for (Map<String, AttributeValue> item : response.items()) {
        if (ids.size() < limit) {
          ids.add(new DispatchId(item.get(Tables.DISPATCH_ID).s()));
        }
      }
      start = response.lastEvaluatedKey();
    } while (!start.isEmpty() && ids.size() < limit);
    return List.copyOf(ids);
  }

  List<Due> due(Instant now) {
    List<Due> due = new ArrayList<>();
    eachOpen(
        "#shard = :shard AND #due <= :now",
        Map.of("#shard", Tables.DUE_SHARD, "#due", Tables.DUE_AT),
        Map.of(":now", AttributeValues.of(Nanos.of(now))),
        item ->
            due.add(
                new Due(
                    new DispatchId(item.get(Tables.DISPATCH_ID).s()),
                    new TenantId(item.get(Tables.TENANT_ID).s()),
                    status(item))));
    return List.copyOf(due);
  }

  Map<String, Map<Status, Integer>> open() {
    Map<String, Map<Status, Integer>> open = new HashMap<>();
    eachOpen(
        "#shard = :shard",
        Map.of("#shard", Tables.DUE_SHARD),
        Map.of(),
        item ->
            open.computeIfAbsent(item.get(Tables.AGENT).s(), _ -> new HashMap<>())
                .merge(status(item), 1, Integer::sum));
    return open;
  }

  private static Status status(Map<String, AttributeValue> item) {
    String word = item.get(Tables.STATUS).s();
    return Status.of(word)
        .orElseThrow(() -> new IllegalArgumentException("no status is called " + word));
  }

  /** Walks through every shard of the open dispatches. */
  private void eachOpen(
      String condition,
      Map<String, String> names,
      Map<String, AttributeValue> values,
      Consumer<Map<String, AttributeValue>> each) {
    for (int shard = 0; shard < Tables.DUE_SHARDS; shard++) {
      Map<String, AttributeValue> all = new HashMap<>(values);
      all.put(":shard", AttributeValues.of(String.valueOf(shard)));
      Map<String, AttributeValue> start = Map.of();
      do {
        QueryResponse response =
            query(
                QueryRequest.builder()
                    .indexName(Tables.BY_DUE)
                    .keyConditionExpression(condition)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(all)
                    .exclusiveStartKey(start.isEmpty() ? null : start));
        response.items().forEach(each);
        start = response.lastEvaluatedKey();
      } while (!start.isEmpty());
    }
  }

  private QueryResponse query(QueryRequest.Builder builder) {
    QueryRequest request = builder.tableName(table.dispatches).build();
    return table.patience.with(() -> table.client.query(request));
  }
}
