package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The HTTP API of a machine that may be killed at any moment: each request goes over a connection
 * of its own. Safe for use by many threads.
 *
 * @param url where it answers, when it does
 */
record CrashApi(URI url) {
  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the envelope
   */
  record Answer(int status, Map<String, Object> body) {
    boolean isGood() {
      return status >= 200 && status < 300;
    }

    @SuppressWarnings("unchecked") // The envelope's data is an object everywhere.
    Map<String, Object> data() {
      return body.get("data") instanceof Map<?, ?> data ? (Map<String, Object>) data : Map.of();
    }

    String code() {
      return body.get("error") instanceof Map<?, ?> error ? String.valueOf(error.get("code")) : "";
    }

    @Override
    public String toString() {
      return status + " " + code();
    }
  }

  /**
   * Sends a request.
   *
   * @throws IOException when it was not answered, whatever may have come of it
   */
  Answer send(String method, String path, String key, Map<String, ?> body) throws IOException {
    try (KeptConnection connection = new KeptConnection(url)) {
      KeptConnection.Answer answer =
          connection.send(
              method, path, Optional.of(key), body.isEmpty() ? "" : JSON.std.asString(body));
      return new Answer(answer.status(), JSON.std.mapFrom(answer.body()));
    }
  }

  Answer get(String path, String key) throws IOException {
    return send("GET", path, key, Map.of());
  }

  /** A dispatch's record without its log. */
  Answer dispatch(String id, String key, int waitSeconds) throws IOException {
    return get("/dispatch/" + id + "?skipLogs=true&waitSeconds=" + waitSeconds, key);
  }

  /** All dispatches of a tenant, as a listing tells them. */
  List<Map<?, ?>> all(CrashTenant tenant) throws IOException {
    return all("/dispatch", "dispatches", tenant);
  }

  /** All records of a tenant's audit. */
  List<Map<?, ?>> audit(CrashTenant tenant) throws IOException {
    return all("/audit", "records", tenant);
  }

  private List<Map<?, ?>> all(String path, String what, CrashTenant tenant) throws IOException {
    List<Map<?, ?>> all = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = get(path + "?limit=100" + cursor, tenant.key());
      if (!page.isGood()) {
        throw new IOException("the listing answered " + page);
      }
      ((List<?>) page.data().get(what)).forEach(one -> all.add((Map<?, ?>) one));
      cursor = page.data().get("nextCursor") instanceof String next ? "&cursor=" + next : "";
    } while (!cursor.isEmpty());
    return all;
  }

  /** The texts of a dispatch's artifacts by their types, as far as those types are wanted. */
  Map<String, String> artifacts(String id, String key, List<String> wanted) throws IOException {
    Answer answer = get("/artifacts/" + id, key);
    Map<String, String> texts = new HashMap<>();
    if (!(answer.data().get("artifacts") instanceof List<?> artifacts)) {
      return texts;
    }
    for (Object one : artifacts) {
      Map<?, ?> artifact = (Map<?, ?>) one;
      String type = (String) artifact.get("type");
      if (wanted.contains(type)) {
        URI at = URI.create((String) artifact.get("url"));
        try (KeptConnection connection = new KeptConnection(at)) {
          KeptConnection.Answer got = connection.get(at.getRawPath() + "?" + at.getRawQuery());
          if (got.status() == 200) {
            texts.put(type, got.body());
          }
        }
      }
    }
    return texts;
  }
}
