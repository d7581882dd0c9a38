package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import dev.outpost.run.ModelProtocol;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which headers pass, and where the keys stand in them. */
final class GatewayHeaders {
  private static final String BEARER = "bearer ";

  /** Of this connection alone (RFC 9110, section 7.6.1), or set anew by the next one. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "content-length",
          "host",
          "expect",
          "date");

  /** Carry credentials; the agent's are good for nothing beyond the gateway. */
  private static final Set<String> KEYS =
      Set.of("authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie", "set-cookie");

  private GatewayHeaders() {}

  /** Whether a call shows that key, in whatever place its protocol has for it. */
  static boolean show(Headers headers, Optional<String> query, String key) {
    Stream<String> shown =
        Stream.concat(
            Stream.of("x-api-key", "x-goog-api-key", "authorization")
                .flatMap(name -> headers.getOrDefault(title(name), List.of()).stream())
                .map(GatewayHeaders::withoutScheme),
            query.stream());
    return shown.anyMatch(word -> MessageDigest.isEqual(word.getBytes(UTF_8), key.getBytes(UTF_8)));
  }

  private static String withoutScheme(String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? value.substring(BEARER.length()).strip()
        : value;
  }

  /** Headers' names as the server keeps them. */
  private static String title(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  /** Puts on a request what of the agent's headers may pass, and the real key. */
  static void forward(
      Headers from, ModelProtocol protocol, Optional<String> key, HttpRequest.Builder to) {
    Set<String> named = namedByConnection(from);
    for (Map.Entry<String, List<String>> header : from.entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (passes(name) && !named.contains(name) && !name.equals("accept-encoding")) {
        header.getValue().forEach(value -> to.header(name, value));
      }
    }
    // The meter reads along: what is not compressed need not be unpacked.
    to.setHeader("accept-encoding", "identity");
    key.ifPresent(
        real -> {
          switch (protocol) {
            case ANTHROPIC -> to.setHeader("x-api-key", real);
            case OPENAI -> to.setHeader("authorization", "Bearer " + real);
            case GEMINI -> to.setHeader("x-goog-api-key", real);
          }
        });
  }

  /** Puts on an answer what of the provider's headers may pass. */
  static void back(HttpHeaders from, Headers to) {
    from.map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (passes(lower) && !lower.startsWith(":") && !lower.equals("content-encoding")) {
                values.forEach(value -> to.add(name, value));
              }
            });
  }

  private static boolean passes(String name) {
    return !HOP_BY_HOP.contains(name) && !KEYS.contains(name);
  }

  private static Set<String> namedByConnection(Headers headers) {
    List<String> values = headers.getOrDefault("Connection", List.of());
    return Set.copyOf(
        values.stream()
            .flatMap(value -> Stream.of(value.toLowerCase(Locale.ROOT).split(",", -1)))
            .map(String::strip)
            .toList());
  }
}
