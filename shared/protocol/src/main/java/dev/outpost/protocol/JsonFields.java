package dev.outpost.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Typed reading of one JSON object; names the field in every complaint. */
record JsonFields(Map<?, ?> map) {

  String text(String field) throws MalformedMessage {
    return optionalText(field).orElseThrow(() -> new MalformedMessage(field + " is missing"));
  }

  Optional<String> optionalText(String field) throws MalformedMessage {
    return switch (map.get(field)) {
      case null -> Optional.empty();
      case String value -> Optional.of(value);
      default -> throw new MalformedMessage(field + " must be a string");
    };
  }

  long number(String field) throws MalformedMessage {
    return switch (map.get(field)) {
      case Integer value -> value;
      case Long value -> value;
      case null, default -> throw new MalformedMessage(field + " must be a whole number");
    };
  }

  OptionalDouble optionalDecimal(String field) throws MalformedMessage {
    return switch (map.get(field)) {
      case null -> OptionalDouble.empty();
      case Number value -> OptionalDouble.of(value.doubleValue());
      default -> throw new MalformedMessage(field + " must be a number");
    };
  }

  int integer(String field) throws MalformedMessage {
    long value = number(field);
    if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
      throw new MalformedMessage(field + " is out of range");
    }
    return (int) value;
  }

  boolean flag(String field) throws MalformedMessage {
    if (map.get(field) instanceof Boolean value) {
      return value;
    }
    throw new MalformedMessage(field + " must be true or false");
  }

  boolean has(String field) {
    return map.get(field) != null;
  }

  JsonFields object(String field) throws MalformedMessage {
    if (map.get(field) instanceof Map<?, ?> value) {
      return new JsonFields(value);
    }
    throw new MalformedMessage(field + " must be an object");
  }

  List<?> list(String field) throws MalformedMessage {
    return switch (map.get(field)) {
      case null -> List.of();
      case List<?> value -> value;
      default -> throw new MalformedMessage(field + " must be a list");
    };
  }

  Map<String, String> texts(String field) throws MalformedMessage {
    if (!has(field)) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : object(field).map().entrySet()) {
      if (!(entry.getKey() instanceof String key) || !(entry.getValue() instanceof String value)) {
        throw new MalformedMessage(field + " must map strings to strings");
      }
      texts.put(key, value);
    }
    return texts;
  }
}
