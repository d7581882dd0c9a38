package dev.outpost.functions.api;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.edge.Refused;
import java.util.List;
import java.util.Objects;

/** {@code GET /groups/{id}}: the dispatches of a group side by side. */
final class ReadGroup implements Endpoint {
  private final Dispatches dispatches;

  ReadGroup(Dispatches dispatches) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    new Query(call.request()).done();
    List<Dispatch> members = dispatches.group(call.principal().tenantId(), call.groupId());
    if (members.isEmpty()) {
      throw Call.noSuchGroup();
    }
    return Answer.ok(GroupView.comparison(call.id(), members));
  }
}
