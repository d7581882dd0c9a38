package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.edge.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When the client no longer wants the dispatch started: within the longest wait from now. */
final class ExpiryRule {
  private static final String NAME = "expiresAt";

  private ExpiryRule() {}

  static Optional<Instant> read(Fields fields, Instant now) {
    Optional<String> text = fields.text(NAME);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Instant instant;
    try {
      instant = OffsetDateTime.parse(text.get()).toInstant().truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException _) {
      fields.wrong(
          NAME,
          "must be a time in ISO-8601 with its offset from UTC, such as 2026-11-22T21:20:30Z");
      return Optional.empty();
    }
    if (!instant.isAfter(now)) {
      fields.wrong(NAME, "must be in the future");
    } else if (instant.isAfter(now.plus(Dispatch.MAX_WAIT))) {
      fields.wrong(NAME, "must be at most " + Dispatch.MAX_WAIT.toDays() + " days from now");
    }
    return Optional.of(instant);
  }
}
