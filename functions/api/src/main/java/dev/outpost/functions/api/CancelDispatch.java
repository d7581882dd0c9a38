package dev.outpost.functions.api;

import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code DELETE /dispatch/{id}}: cancels a dispatch, exactly once. */
final class CancelDispatch implements Endpoint {
  private static final int MAX_REASON = 200;

  private final Cancel cancel;

  CancelDispatch(Cancel cancel) {
    this.cancel = Objects.requireNonNull(cancel, "cancel");
  }

  @Override
  public Answer answer(Call call) throws Refused {
    Map<?, ?> body = JsonBody.optional(call.request());
    new Query(call.request()).done();
    Optional<String> reason = reason(body);
    return switch (cancel.cancel(call.principal(), call.dispatchId(), reason)) {
      case Cancel.Outcome.Cancelled cancelled -> Answer.ok(data(cancelled.dispatch()));
      case Cancel.Outcome.TooLate late ->
          throw new Refused(
              ErrorCode.CONFLICT,
              "The dispatch can't be cancelled any more, its status is "
                  + late.dispatch().status().wire()
                  + ": "
                  + late.why());
      case Cancel.Outcome.NotFound _ -> throw Call.noSuchDispatch();
    };
  }

  private static Optional<String> reason(Map<?, ?> body) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    Optional<String> reason = fields.text("reason");
    if (reason.filter(text -> text.codePointCount(0, text.length()) > MAX_REASON).isPresent()) {
      fields.wrong("reason", "must have at most " + MAX_REASON + " characters");
    }
    if (reason.filter(CancelDispatch::hasControl).isPresent()) {
      fields.wrong("reason", "must be one line without control characters");
    }
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    return reason.filter(text -> !text.isBlank());
  }

  private static boolean hasControl(String text) {
    // Half of a surrogate pair is a code point of its own kind, and no text either.
    return text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  private static Map<String, Object> data(Dispatch dispatch) {
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
