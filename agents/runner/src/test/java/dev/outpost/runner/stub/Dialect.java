package dev.outpost.runner.stub;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One provider's protocol: how a request is read, and an answer and an error are written. */
interface Dialect {
  /** The dialect of a request's path, or empty for one that no model answers. */
  static Optional<Dialect> of(String path) {
    if (path.endsWith("/messages")) {
      return Optional.of(new AnthropicMessages());
    }
    if (path.endsWith("/responses")) {
      return Optional.of(new OpenAiResponses());
    }
    if (path.endsWith("/chat/completions")) {
      return Optional.of(new OpenAiChat());
    }
    if (path.endsWith(":streamGenerateContent") || path.endsWith(":generateContent")) {
      return Optional.of(new GeminiContents());
    }
    return Optional.empty();
  }

  /** The names of the tools that the request offers. */
  default Set<String> tools(Map<String, Object> request) {
    Set<String> names = new HashSet<>();
    names(request.get("tools"), names);
    return names;
  }

  private static void names(Object value, Set<String> names) {
    switch (value) {
      case List<?> list -> list.forEach(item -> names(item, names));
      case Map<?, ?> map -> {
        if (map.get("name") instanceof String name) {
          names.add(name);
        }
        names(map.get("function"), names);
        names(map.get("functionDeclarations"), names);
      }
      case null, default -> {
        // No tool.
      }
    }
  }

  /** How many results of tools the conversation has. */
  int results(Map<String, Object> request);

  /** Whether the answer is to be streamed. */
  boolean isStreamed(String path, Map<String, Object> request);

  /** The answer as the pieces of a stream of events. */
  List<String> stream(Turn turn, String model, int number);

  /** The answer in one piece. */
  String whole(Turn turn, String model, int number);

  /** What the provider says with that status. */
  String error(int status);

  /** The model that the request is for. */
  default String model(String path, Map<String, Object> request) {
    return String.valueOf(request.get("model"));
  }

  /** An event of a stream. */
  static String event(String type, Map<String, ?> data) {
    return (type.isEmpty() ? "" : "event: " + type + "\n") + "data: " + json(data) + "\n\n";
  }

  static String json(Object value) {
    try {
      return JSON.std.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A map in this order. */
  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /** How many objects anywhere in the value have that field with that value. */
  static int count(Object value, String field, String wanted) {
    return switch (value) {
      case List<?> list -> list.stream().mapToInt(item -> count(item, field, wanted)).sum();
      case Map<?, ?> map ->
          (wanted.equals(map.get(field)) ? 1 : 0)
              + map.values().stream().mapToInt(item -> count(item, field, wanted)).sum();
      case null, default -> 0;
    };
  }
}
