package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reading of parsed JSON: whatever is missing or of another kind is absent. */
final class Json {
  private Json() {}

  static String print(Object document) {
    try {
      return JSON.std.asString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<String, Object> map(Map<?, ?> any) {
    Map<String, Object> map = new LinkedHashMap<>();
    any.forEach((name, value) -> map.put(String.valueOf(name), value));
    return map;
  }

  static Map<String, Object> map(Map<String, Object> in, String name) {
    return in.get(name) instanceof Map<?, ?> inner ? map(inner) : Map.of();
  }

  static List<Map<String, Object>> maps(Object any) {
    List<Map<String, Object>> maps = new ArrayList<>();
    if (any instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          maps.add(map(map));
        }
      }
    }
    return maps;
  }

  static Optional<String> text(Map<String, Object> in, String name) {
    return Optional.ofNullable(in.get(name))
        .filter(value -> !(value instanceof Map<?, ?>) && !(value instanceof List<?>))
        .map(String::valueOf);
  }

  static Optional<Long> number(Map<String, Object> in, String name) {
    return in.get(name) instanceof Number number
        ? Optional.of(number.longValue())
        : Optional.empty();
  }
}
