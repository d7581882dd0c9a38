package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A client of the HTTP API, as any program would be.
 *
 * @param url the API's URL
 * @param key the API key
 * @param http the connection pool
 */
record ApiClient(String url, String key, HttpClient http) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<String> TERMINAL = List.of("success", "failed", "timeout", "cancelled");

  ApiClient(String url, String key) {
    this(url, key, HttpClient.newHttpClient());
  }

  /** Of that machine's first tenant. */
  static ApiClient of(UpProcess up) throws IOException {
    return of(up, up.credentials().apiKey());
  }

  /** Of that machine, with that key. */
  static ApiClient of(UpProcess up, String key) throws IOException {
    return new ApiClient(up.credentials().url(), key);
  }

  /** An answer. */
  record Answer(int status, Map<String, Object> body) {
    @SuppressWarnings("unchecked")
    Map<String, Object> data() {
      return (Map<String, Object>) Objects.requireNonNull(body.get("data"), body::toString);
    }

    String errorCode() {
      return body.get("error") instanceof Map<?, ?> error ? String.valueOf(error.get("code")) : "";
    }
  }

  Answer send(String method, String path, Optional<Map<String, ?>> body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("X-API-Key", key)
            .timeout(Duration.ofSeconds(40));
    if (body.isPresent()) {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(JSON.std.asString(body.get())));
    } else {
      request.method(method, BodyPublishers.noBody());
    }
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), JSON.std.mapFrom(response.body()));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, Optional.empty());
  }

  /** Dispatches and gives the id. */
  String dispatch(Map<String, ?> body) throws IOException, InterruptedException {
    Answer answer = send("POST", "/dispatch", Optional.of(body));
    if (answer.status() != 201) {
      throw new AssertionError("not accepted: " + answer);
    }
    return (String) answer.data().get("dispatchId");
  }

  /** What the newest of the audit tells of that, the newest first. */
  List<String> audited(String about) throws IOException, InterruptedException {
    return ((List<?>) get("/audit?limit=100").data().get("records"))
        .stream()
            .map(line -> (Map<?, ?>) line)
            .filter(line -> about.equals(line.get("about")))
            .map(line -> line.get("act") + " " + line.get("outcome"))
            .toList();
  }

  Map<String, Object> status(String id) throws IOException, InterruptedException {
    return get("/dispatch/" + id + "?logLimit=1000").data();
  }

  /** Waits until the dispatch has one of these statuses, by the API's own long poll. */
  Map<String, Object> await(String id, String... statuses)
      throws IOException, InterruptedException {
    Instant until = Instant.now().plus(PATIENCE);
    Map<String, Object> data = status(id);
    while (!List.of(statuses).contains(data.get("status"))) {
      if (Instant.now().isAfter(until) || TERMINAL.contains(data.get("status"))) {
        throw new AssertionError("waited for " + List.of(statuses) + ", but: " + data);
      }
      data = get("/dispatch/" + id + "?logLimit=1000&waitSeconds=2").data();
    }
    return data;
  }

  Map<String, Object> awaitEnd(String id) throws IOException, InterruptedException {
    return await(id, TERMINAL.toArray(new String[0]));
  }

  /** Downloads an artifact by its type. */
  byte[] artifact(String id, String type) throws IOException, InterruptedException {
    Map<String, Object> data = get("/artifacts/" + id).data();
    for (Object item : (List<?>) data.get("artifacts")) {
      Map<?, ?> artifact = (Map<?, ?>) item;
      if (artifact.get("type").equals(type)) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create((String) artifact.get("url"))).build();
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
          throw new AssertionError("download answered " + response.statusCode());
        }
        return response.body();
      }
    }
    throw new AssertionError("no artifact " + type + " in " + data);
  }
}
