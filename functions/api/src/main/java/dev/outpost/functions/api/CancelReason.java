package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a client cancels, in its own words: the body of a DELETE. */
final class CancelReason {
  private static final int MAX_REASON = 200;

  private CancelReason() {}

  static Optional<String> of(Map<?, ?> body) throws Refused {
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(body, mistakes);
    Optional<String> reason = fields.text("reason");
    if (reason.filter(text -> text.codePointCount(0, text.length()) > MAX_REASON).isPresent()) {
      fields.wrong("reason", "must have at most " + MAX_REASON + " characters");
    }
    if (reason.filter(CancelReason::hasControl).isPresent()) {
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
}
