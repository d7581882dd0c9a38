package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A route of the HTTP API, as it is deployed.
 *
 * @param key method and path, e.g. {@code GET /dispatch/{id}}
 * @param authorised whether the authoriser is asked first
 * @param functionName the function's name
 * @param function what it is integrated with
 */
record Route(String key, boolean authorised, String functionName, RequestStreamHandler function) {
  Route {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(functionName, "functionName");
    Objects.requireNonNull(function, "function");
  }

  /**
   * The path's parameters if the request is for this route, as API Gateway matches: segment-wise.
   */
  Optional<Map<String, String>> match(String method, String path) {
    int space = key.indexOf(' ');
    if (!key.substring(0, space).equals(method)) {
      return Optional.empty();
    }
    String[] wanted = key.substring(space + 1).split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        if (given[i].isEmpty()) {
          return Optional.empty();
        }
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
