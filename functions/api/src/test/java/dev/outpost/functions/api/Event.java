package dev.outpost.functions.api;

import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The event of {@code events/api.json}, or a variation of it. */
final class Event {
  private static final Path FILE =
      Path.of(System.getProperty("outpost.root"), "events", "api.json");

  private final Map<String, Object> event;

  private Event(Map<String, Object> event) {
    this.event = event;
  }

  /** Exactly the file. */
  static Event file() {
    try {
      return new Event(copy(Json.object(Files.readString(FILE))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedJson e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file's event for another method and path, without its body and its query. */
  static Event of(String method, String pathAndQuery) {
    Event event = file();
    int mark = pathAndQuery.indexOf('?');
    String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
    event.event.put("rawPath", path);
    event.event.put("routeKey", "$default");
    event.event.remove("body");
    Map<String, Object> http = child(event.context(), "http");
    http.put("method", method);
    http.put("path", path);
    if (mark >= 0) {
      event.query(pathAndQuery.substring(mark + 1));
    }
    return event;
  }

  /** The same of a caller whose key may do everything that its tenant may. */
  static Event admin(String method, String pathAndQuery) {
    return of(method, pathAndQuery).authorizer("scopes", "admin");
  }

  /** The file's {@code POST /dispatch} with another body. */
  static Event post(String body) {
    return file().body(body);
  }

  Event body(String body) {
    event.put("body", body);
    return this;
  }

  Event base64Body(byte[] body) {
    event.put("isBase64Encoded", true);
    return body(Base64.getEncoder().encodeToString(body));
  }

  Event header(String name, String value) {
    child(event, "headers").put(name, value);
    return this;
  }

  /** The same with a field of the authoriser's context, or without it when the value is null. */
  Event authorizer(String name, String value) {
    Map<String, Object> lambda = child(child(context(), "authorizer"), "lambda");
    if (value == null) {
      lambda.remove(name);
    } else {
      lambda.put(name, value);
    }
    return this;
  }

  Event withoutAuthorizer() {
    context().remove("authorizer");
    return this;
  }

  InputStream stream() {
    return new ByteArrayInputStream(Json.text(event).getBytes(StandardCharsets.UTF_8));
  }

  private void query(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int is = pair.indexOf('=');
      // A parameter given twice arrives as one, joined by a comma.
      parameters.merge(
          pair.substring(0, is), pair.substring(is + 1), (one, other) -> one + "," + other);
    }
    event.put("rawQueryString", query);
    event.put("queryStringParameters", parameters);
  }

  private Map<String, Object> context() {
    return child(event, "requestContext");
  }

  private static Map<String, Object> child(Map<String, Object> map, String name) {
    Map<String, Object> child =
        map.get(name) instanceof Map<?, ?> there ? copy(there) : new LinkedHashMap<>();
    map.put(name, child);
    return child;
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((name, value) -> copy.put(String.valueOf(name), value));
    return copy;
  }
}
