package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Refused;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Typed reading of a request's query; all mistakes are told at once, by {@link #done}. */
final class Query {
  private final List<FieldError> mistakes = new ArrayList<>();
  private final Fields fields;

  Query(HttpRequest request) {
    this.fields = new Fields(request.query(), mistakes);
  }

  /** A parameter of any text. */
  Optional<String> text(String name) {
    return fields.text(name);
  }

  /** A whole number within bounds. */
  long number(String name, long least, long most, long otherwise) {
    Optional<String> text = fields.text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, together with numbers out of bounds.
    }
    fields.wrong(
        name,
        most == Long.MAX_VALUE
            ? "must be a whole number of at least " + least
            : "must be a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** A parameter that is true or false; false when it is not there. */
  boolean flag(String name) {
    Optional<String> text = fields.text(name);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      fields.wrong(name, "must be true or false");
    }
    return text.filter("true"::equals).isPresent();
  }

  /** A time in ISO-8601. */
  Optional<Instant> instant(String name) {
    // A plus that a client forgot to escape arrives as a space.
    return read(
        name,
        text -> {
          try {
            return Optional.of(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
          } catch (DateTimeException _) {
            return Optional.empty();
          }
        },
        "must be a time in ISO-8601 with its offset from UTC, such as 2026-11-22T21:20:30Z");
  }

  /**
   * A parameter of a form.
   *
   * @param parse answers empty for a text that has not the form
   * @param form what is told then
   */
  <T> Optional<T> read(String name, Function<String, Optional<T>> parse, String form) {
    Optional<String> text = fields.text(name);
    Optional<T> value = text.flatMap(parse);
    if (text.isPresent() && value.isEmpty()) {
      fields.wrong(name, form);
    }
    return value;
  }

  /** Notes a mistake at a parameter. */
  void wrong(String name, String message) {
    fields.wrong(name, message);
  }

  /**
   * To be called when all known parameters were read.
   *
   * @throws Refused when any was wrong, or unknown
   */
  void done() throws Refused {
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
  }
}
