package dev.outpost.functions.api;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Filter;
import dev.outpost.dispatch.Page;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code GET /dispatch}: the tenant's own dispatches, newest first, part by part. */
final class ListDispatches implements Endpoint {
  private static final int MAX = 100;
  private static final int USUAL = 20;
  private static final String STATUSES =
      "must be one of "
          + String.join(", ", Arrays.stream(Status.values()).map(Status::wire).toList());

  private final Dispatches dispatches;

  ListDispatches(Dispatches dispatches) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Query query = new Query(call.request());
    Filter filter = filter(query);
    int limit = (int) query.number("limit", 1, MAX, USUAL);
    Optional<DispatchId> after = Cursor.read(query, DispatchId::parse);
    query.done();
    Page page = dispatches.list(call.principal().tenantId(), filter, after, limit);
    List<Map<String, Object>> summaries = new ArrayList<>();
    for (Dispatch dispatch : page.dispatches()) {
      summaries.add(DispatchView.summary(dispatch));
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatches", summaries);
    data.put("nextCursor", page.next().map(id -> Cursor.after(id.value())).orElse(null));
    data.put("hasMore", page.next().isPresent());
    return Answer.ok(data);
  }

  private static Filter filter(Query query) {
    Optional<Instant> since = query.instant("since");
    Optional<Instant> until = query.instant("until");
    if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
      query.wrong("until", "must be later than since");
    }
    return new Filter(
        query.read("status", Status::of, STATUSES),
        query.text("agent"),
        query.text("repo"),
        query.text("tag"),
        since,
        until);
  }
}
