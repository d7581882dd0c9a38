package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Terminal;
import dev.outpost.dispatch.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * A dispatch as the API showed it.
 *
 * @param json all of it, for {@code --json}
 */
record Seen(Map<String, Object> json) {
  String id() {
    return text("dispatchId").orElse("");
  }

  /** The status' name; a newer API may have one that this command doesn't know. */
  String status() {
    return text("status").orElse("");
  }

  boolean hasEnded() {
    return Status.of(status()).filter(Status::isTerminal).isPresent();
  }

  /** What waiting for this dispatch ends with. */
  ExitCode exit() {
    return switch (Status.of(status()).orElse(Status.FAILED)) {
      case SUCCESS -> ExitCode.OK;
      case TIMEOUT -> ExitCode.TIMEOUT;
      case CANCELLED -> ExitCode.CANCELLED;
      case FAILED, PENDING, PROVISIONING, RUNNING, COMPLETING -> ExitCode.FAILED;
    };
  }

  /** A text in one harmless line, or empty when the API left it out. */
  Optional<String> text(String name) {
    return Json.text(json, name)
        .map(text -> Terminal.oneLine(text, Integer.MAX_VALUE))
        .filter(text -> !text.isEmpty());
  }

  /** The percentage that the runner reported; the API gives it alone or with a message. */
  Optional<Long> percent() {
    return Json.number(json, "progress").or(() -> Json.number(progress(), "percent"));
  }

  /** What the runner said it was doing. */
  Optional<String> message() {
    return Json.text(progress(), "message")
        .map(text -> Terminal.oneLine(text, Integer.MAX_VALUE))
        .filter(text -> !text.isEmpty());
  }

  private Map<String, Object> progress() {
    return Json.map(json, "progress");
  }

  Optional<Instant> instant(String name) {
    try {
      return Json.text(json, name).map(Instant::parse);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /** From acceptance to the end, or to now. */
  Duration elapsed(Instant now) {
    Instant end = instant("endedAt").orElse(now);
    return instant("createdAt").map(from -> Duration.between(from, end)).orElse(Duration.ZERO);
  }
}
