package dev.outpost.edge;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A request as API Gateway's HTTP APIs hand it to a function or to an authoriser (payload format
 * 2.0).
 *
 * @param routeKey the route that API Gateway chose, such as {@code GET /dispatch/{id}} or {@code
 *     $default}
 * @param method the HTTP method, in upper case
 * @param path the path without the stage's name
 * @param pathParameters the variable parts of the path
 * @param query the query's parameters, decoded; a parameter that was given several times is one,
 *     its values joined by commas: in this format it can't be told from a value with a comma in it
 * @param headers by lower-case name; several of a name joined by commas
 * @param body the body, decoded
 * @param requestId API Gateway's id of the request
 * @param authorizer what the authoriser said of the caller; empty when none was asked
 */
public record HttpRequest(
    String routeKey,
    String method,
    String path,
    Map<String, String> pathParameters,
    Map<String, String> query,
    Map<String, String> headers,
    Body body,
    String requestId,
    Map<String, String> authorizer) {
  /** Copies the maps. */
  public HttpRequest {
    Objects.requireNonNull(routeKey, "routeKey");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    pathParameters = Map.copyOf(pathParameters);
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(requestId, "requestId");
    authorizer = Map.copyOf(authorizer);
  }

  /**
   * Reads a request event.
   *
   * @throws IllegalArgumentException when the stream holds no such event, which only a wrong
   *     configuration brings about
   * @throws IOException when the stream can't be read
   */
  public static HttpRequest read(InputStream stream) throws IOException {
    try {
      return of(Json.object(stream));
    } catch (MalformedJson e) {
      throw new IllegalArgumentException("the event is malformed: " + e.getMessage(), e);
    }
  }

  /** The header of that lower-case name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Method and path alone: headers carry keys, and bodies are nobody's business. */
  @Override
  public String toString() {
    return "HttpRequest[" + method + " " + path + "]";
  }

  private static HttpRequest of(Map<?, ?> event) {
    if (!"2.0".equals(event.get("version"))) {
      throw new IllegalArgumentException("the event is no HTTP API event of payload format 2.0");
    }
    Map<?, ?> context = map(event.get("requestContext"));
    Map<?, ?> http = map(context.get("http"));
    return new HttpRequest(
        text(event.get("routeKey")),
        text(http.get("method")).toUpperCase(Locale.ROOT),
        path(text(event.get("rawPath")), text(context.get("stage"))),
        texts(map(event.get("pathParameters"))),
        texts(map(event.get("queryStringParameters"))),
        lowerCased(texts(map(event.get("headers")))),
        body(event),
        text(context.get("requestId")),
        texts(map(map(context.get("authorizer")).get("lambda"))));
  }

  private static Body body(Map<?, ?> event) {
    if (!(event.get("body") instanceof String body)) {
      return Body.NONE;
    }
    return Boolean.TRUE.equals(event.get("isBase64Encoded"))
        ? Body.ofBase64(body)
        : Body.ofText(body);
  }

  /** A named stage is the path's first part; the default stage has no part in it. */
  private static String path(String raw, String stage) {
    String first = "/" + stage;
    if (!stage.isEmpty() && (raw.equals(first) || raw.startsWith(first + "/"))) {
      return raw.length() == first.length() ? "/" : raw.substring(first.length());
    }
    return raw;
  }

  private static Map<String, String> lowerCased(Map<String, String> headers) {
    Map<String, String> lower = new LinkedHashMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    return lower;
  }

  private static Map<String, String> texts(Map<?, ?> map) {
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (value != null) {
            texts.put(String.valueOf(name), String.valueOf(value));
          }
        });
    return texts;
  }

  private static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(Object value) {
    return value instanceof String text ? text : "";
  }
}
