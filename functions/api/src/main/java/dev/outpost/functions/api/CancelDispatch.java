package dev.outpost.functions.api;

import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code DELETE /dispatch/{id}}: cancels a dispatch, exactly once. */
final class CancelDispatch implements Endpoint {
  private final Cancel cancel;

  CancelDispatch(Cancel cancel) {
    this.cancel = Objects.requireNonNull(cancel, "cancel");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.optional(call.request());
    new Query(call.request()).done();
    Optional<String> reason = CancelReason.of(body);
    return switch (cancel.cancel(call.principal(), call.dispatchId(), reason)) {
      case Cancel.Outcome.Cancelled cancelled -> Answer.ok(data(cancelled.dispatch()));
      case Cancel.Outcome.TooLate late -> throw new Refused(ErrorCode.CONFLICT, tooLate(late));
      case Cancel.Outcome.NotFound _ -> throw Call.noSuchDispatch();
    };
  }

  static String tooLate(Cancel.Outcome.TooLate late) {
    return "The dispatch can't be cancelled any more, its status is "
        + late.dispatch().status().wire()
        + ": "
        + late.why();
  }

  static Map<String, Object> data(Dispatch dispatch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("dispatchId", dispatch.id().value());
    data.put("status", dispatch.status().wire());
    data.put(
        "message",
        dispatch.state().isTerminal()
            ? "The dispatch is cancelled."
            : "The dispatch will be cancelled as soon as its task has stopped.");
    return data;
  }
}
