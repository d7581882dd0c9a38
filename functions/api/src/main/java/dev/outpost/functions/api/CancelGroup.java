package dev.outpost.functions.api;

import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code DELETE /groups/{id}}: cancels every dispatch of a group that has not ended. */
final class CancelGroup implements Endpoint {
  private final Dispatches dispatches;
  private final Cancel cancel;

  CancelGroup(Dispatches dispatches, Cancel cancel) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.cancel = Objects.requireNonNull(cancel, "cancel");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.optional(call.request());
    new Query(call.request()).done();
    Optional<String> reason = CancelReason.of(body);
    List<Dispatch> members = dispatches.group(call.principal().tenantId(), call.groupId());
    if (members.isEmpty()) {
      throw Call.noSuchGroup();
    }
    List<Map<String, Object>> outcomes = new ArrayList<>();
    boolean any = false;
    for (Dispatch member : members) {
      switch (cancel.cancel(call.principal(), member.id(), reason)) {
        case Cancel.Outcome.Cancelled cancelled -> {
          any = true;
          outcomes.add(CancelDispatch.data(cancelled.dispatch()));
        }
        case Cancel.Outcome.TooLate late -> outcomes.add(tooLate(late));
        case Cancel.Outcome.NotFound _ -> {}
      }
    }
    if (!any) {
      throw new Refused(
          ErrorCode.CONFLICT, "The group can't be cancelled any more: all of it has ended.");
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("groupId", call.id());
    data.put("dispatches", outcomes);
    return Answer.ok(data);
  }

  private static Map<String, Object> tooLate(Cancel.Outcome.TooLate late) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", late.dispatch().id().value());
    data.put("status", late.dispatch().status().wire());
    data.put("message", CancelDispatch.tooLate(late));
    return data;
  }
}
