package dev.outpost.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request over HTTP.
 *
 * @param method the method
 * @param path the path, with the query that it may have
 * @param key the API key, if it has one
 * @param body the body's text, if it has one
 */
record Request(String method, String path, Optional<String> key, Optional<String> body) {
  Request {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(body, "body");
  }

  /** The event of API Gateway (payload format 2.0) for it. */
  Map<String, Object> event(String requestId, long epochMillis) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int mark = path.indexOf('?');
    String raw = mark < 0 ? path : path.substring(0, mark);
    String query = mark < 0 ? "" : path.substring(mark + 1);
    String route = raw;
    int id = raw.indexOf("/dsp_");
    if (id >= 0) {
      parameters.put("id", raw.substring(id + 1));
      route = raw.substring(0, id) + "/{id}";
    }
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("method", method);
    http.put("path", raw);
    http.put("protocol", "HTTP/1.1");
    http.put("sourceIp", "192.0.2.1");
    http.put("userAgent", "simulation");
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("http", http);
    context.put("requestId", requestId);
    context.put("routeKey", method + " " + route);
    context.put("stage", "$default");
    context.put("timeEpoch", epochMillis);
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    key.ifPresent(secret -> headers.put("x-api-key", secret));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", method + " " + route);
    event.put("rawPath", raw);
    event.put("rawQueryString", query);
    if (!query.isEmpty()) {
      Map<String, String> asked = new LinkedHashMap<>();
      for (String parameter : query.split("&", -1)) {
        int value = parameter.indexOf('=');
        asked.put(parameter.substring(0, value), parameter.substring(value + 1));
      }
      event.put("queryStringParameters", asked);
    }
    event.put("headers", headers);
    if (!parameters.isEmpty()) {
      event.put("pathParameters", parameters);
    }
    event.put("requestContext", context);
    event.put("isBase64Encoded", false);
    body.ifPresent(text -> event.put("body", text));
    return event;
  }
}
