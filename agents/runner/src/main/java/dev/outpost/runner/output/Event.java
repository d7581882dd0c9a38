package dev.outpost.runner.output;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A JSON object of an agent's, in which anything may be missing or of another type. */
record Event(Map<?, ?> fields) {
  static final Event NONE = new Event(Map.of());

  /** The object that a line is, or empty for any other line. */
  static Optional<Event> of(String line) {
    String stripped = line.strip();
    if (!stripped.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Event(JSON.std.mapFrom(stripped)));
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }

  static Event ofValue(Object value) {
    return value instanceof Map<?, ?> map ? new Event(map) : NONE;
  }

  String text(String field) {
    return fields.get(field) instanceof String value ? value : "";
  }

  long count(String field) {
    return fields.get(field) instanceof Number value ? Math.max(0, value.longValue()) : 0;
  }

  OptionalInt integer(String field) {
    return switch (fields.get(field)) {
      case Number value -> OptionalInt.of(value.intValue());
      case String value when value.matches("\\d{1,9}") -> OptionalInt.of(Integer.parseInt(value));
      case null, default -> OptionalInt.empty();
    };
  }

  OptionalDouble decimal(String field) {
    return fields.get(field) instanceof Number value
        ? OptionalDouble.of(value.doubleValue())
        : OptionalDouble.empty();
  }

  boolean isTrue(String field) {
    return Boolean.TRUE.equals(fields.get(field));
  }

  boolean has(String field) {
    return fields.get(field) != null;
  }

  Event object(String field) {
    return ofValue(fields.get(field));
  }

  List<?> list(String field) {
    return fields.get(field) instanceof List<?> value ? value : List.of();
  }
}
