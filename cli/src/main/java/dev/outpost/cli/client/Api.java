package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The HTTP API: a request is answered with the envelope's data, or refused with what the API said.
 *
 * <p>On the JDK's old HTTP client: the new one loads some five hundred classes more, which a
 * command that sends one request never earns back.
 */
final class Api {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(35);

  private final Connection connection;

  Api(Connection connection) {
    this.connection = Objects.requireNonNull(connection, "connection");
  }

  /** Reads. */
  Map<String, Object> get(String path, Map<String, String> query) {
    try {
      return data(exchange("GET", path + query(query), Optional.empty(), Optional.empty()));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Creates. A broken connection is tried once more: the idempotency key makes that harmless, and
   * without it nobody knows whether the first try arrived.
   */
  Map<String, Object> post(String path, Map<String, Object> body, String idempotencyKey) {
    try {
      Answer answer;
      try {
        answer = exchange("POST", path, Optional.of(body), Optional.of(idempotencyKey));
      } catch (IOException _) {
        answer = exchange("POST", path, Optional.of(body), Optional.of(idempotencyKey));
      }
      return data(answer);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Has something done that counts each time it is asked for: a broken connection is told. */
  Map<String, Object> post(String path, Map<String, Object> body) {
    try {
      return data(exchange("POST", path, Optional.of(body), Optional.empty()));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Sets. Asked twice it does no more than asked once. */
  Map<String, Object> put(String path, Map<String, Object> body) {
    try {
      return data(exchange("PUT", path, Optional.of(body), Optional.empty()));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** Deletes. */
  Map<String, Object> delete(String path, Map<String, Object> body) {
    Optional<Map<String, Object>> sent = body.isEmpty() ? Optional.empty() : Optional.of(body);
    try {
      return data(exchange("DELETE", path, sent, Optional.empty()));
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /** The bytes at a presigned address, which must not learn the API key. */
  InputStream download(String address) {
    URI uri = connection.url().resolve(address);
    try {
      HttpURLConnection http = open(uri);
      int status = http.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw Refusal.broken("DOWNLOAD_FAILED", "the download answered " + status);
      }
      return http.getInputStream();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private Answer exchange(
      String method,
      String path,
      Optional<Map<String, Object>> body,
      Optional<String> idempotencyKey)
      throws IOException {
    HttpURLConnection http;
    try {
      http = open(URI.create(connection.url() + path));
      http.setRequestMethod(method);
      http.setRequestProperty("X-API-Key", connection.key());
      idempotencyKey.ifPresent(key -> http.setRequestProperty("Idempotency-Key", key));
      if (body.isPresent()) {
        http.setRequestProperty("Content-Type", "application/json");
        http.setDoOutput(true);
      }
      http.connect();
    } catch (IOException e) {
      throw unreachable(e);
    }
    if (body.isPresent()) {
      try (OutputStream out = http.getOutputStream()) {
        out.write(JSON.std.asBytes(body.get()));
      }
    }
    int status = http.getResponseCode();
    try (InputStream in = status < 400 ? http.getInputStream() : http.getErrorStream()) {
      byte[] answered = in == null ? new byte[0] : in.readAllBytes();
      return new Answer(status, answered, Optional.ofNullable(http.getHeaderField("Retry-After")));
    }
  }

  private static HttpURLConnection open(URI uri) throws IOException {
    HttpURLConnection http = (HttpURLConnection) uri.toURL().openConnection();
    http.setConnectTimeout((int) CONNECT.toMillis());
    http.setReadTimeout((int) ANSWER.toMillis());
    // A redirected request would take the key to an address that nobody chose.
    http.setInstanceFollowRedirects(false);
    http.setUseCaches(false);
    http.setRequestProperty("Accept", "application/json");
    http.setRequestProperty("User-Agent", "outpost-cli");
    return http;
  }

  private Map<String, Object> data(Answer answer) {
    Map<String, Object> envelope = answer.envelope(connection);
    if (answer.status() >= 400) {
      throw answer.refusal(envelope, connection);
    }
    return switch (envelope.get("data")) {
      case Map<?, ?> map -> Json.map(map);
      case null, default ->
          throw Refusal.broken(
              "UNEXPECTED_ANSWER", connection + " does not answer as an Outpost API does");
    };
  }

  private Refusal unreachable(IOException e) {
    String why =
        switch (e) {
          case ConnectException _ -> "connection refused";
          case UnknownHostException _ -> "unknown host";
          case SocketTimeoutException _ -> "no connection within " + CONNECT.toSeconds() + " s";
          case NoRouteToHostException _ -> "no route to host";
          default -> Objects.requireNonNullElse(e.getMessage(), "no connection");
        };
    return Refusal.unreachable(
        connection + " does not answer: " + why, "is it running? start it with: outpost up");
  }

  private Refusal broken(IOException e) {
    String why =
        e instanceof SocketTimeoutException
            ? "no answer within " + ANSWER.toSeconds() + " s"
            : Objects.requireNonNullElse(e.getMessage(), "the connection broke");
    return Refusal.unreachable(connection + " does not answer: " + why);
  }

  private static String query(Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return "";
    }
    StringJoiner query = new StringJoiner("&", "?", "");
    parameters.forEach((name, value) -> query.add(name + "=" + encode(value)));
    return query.toString();
  }

  /** That text as one segment of a path, or a value in a query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
