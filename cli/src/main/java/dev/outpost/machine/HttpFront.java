package dev.outpost.machine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * API Gateway's part: turns an HTTP request into the very event of an HTTP API (payload format
 * 2.0), asks the authoriser where the route has one, calls the function and writes its answer. Safe
 * for use by many threads.
 */
final class HttpFront implements HttpHandler {
  /** API Gateway's own bound on a request's payload. */
  static final int MAX_BODY = 10 * 1024 * 1024;

  /** How much of a body that is too large is read and thrown away. */
  private static final long MAX_DISCARDED = 10L * MAX_BODY;

  private static final int BUFFER = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

  private final RequestStreamHandler authorizer;
  private final List<Route> routes;
  private final Route fallback;
  private final InstantSource clock;
  private final Envelope envelope;

  /**
   * A front for these routes.
   *
   * @param fallback the {@code $default} route: takes what no other does
   */
  HttpFront(
      RequestStreamHandler authorizer, List<Route> routes, Route fallback, InstantSource clock) {
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    this.routes = List.copyOf(routes);
    this.fallback = Objects.requireNonNull(fallback, "fallback");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.envelope = new Envelope(clock);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String requestId = UUID.randomUUID().toString();
      try {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
          // Answered by the gateway itself, as AWS does: no function ever sees such a body. A
          // client that still writes would only hear of a broken connection: it is heard out first.
          discard(exchange.getRequestBody());
          refuse(
              exchange,
              requestId,
              new ApiError(
                  ErrorCode.PAYLOAD_TOO_LARGE,
                  "The body has more than " + MAX_BODY + " bytes, which is too large."));
          return;
        }
        write(exchange, respond(exchange, body, requestId));
      } catch (RuntimeException e) {
        LOG.error("request {} failed", requestId, e);
        refuse(
            exchange,
            requestId,
            new ApiError(ErrorCode.INTERNAL_ERROR, "Something went wrong on our side."));
      }
    }
  }

  private static void discard(InputStream rest) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    int count = rest.read(buffer);
    while (count > 0 && total < MAX_DISCARDED) {
      total += count;
      count = rest.read(buffer);
    }
  }

  private Map<String, Object> respond(HttpExchange exchange, byte[] body, String requestId)
      throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getRawPath();
    Route route = fallback;
    Map<String, String> parameters = Map.of();
    for (Route candidate : routes) {
      var match = candidate.match(method, path);
      if (match.isPresent()) {
        route = candidate;
        parameters = match.get();
        break;
      }
    }
    Map<String, Object> event = event(exchange, route.key(), parameters, requestId);
    if (route.authorised()) {
      Map<String, Object> question = new LinkedHashMap<>(event);
      question.put("type", "REQUEST");
      question.put("routeArn", "arn:aws:execute-api:local:000000000000:outpost/" + route.key());
      question.put("identitySource", null);
      Map<String, Object> verdict = call(authorizer, "authorizer", question, requestId);
      if (!Boolean.TRUE.equals(verdict.get("isAuthorized"))) {
        return answer(
            envelope.error(
                new ApiError(ErrorCode.AUTHORIZATION_ERROR, "The request is not allowed."),
                requestId));
      }
      @SuppressWarnings("unchecked")
      Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
      context.put("authorizer", Map.of("lambda", verdict.getOrDefault("context", Map.of())));
    }
    putBody(event, exchange.getRequestHeaders().getFirst("Content-Type"), body);
    return call(route.function(), route.functionName(), event, requestId);
  }

  private static Map<String, Object> call(
      RequestStreamHandler function, String name, Map<String, Object> event, String requestId)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    function.handleRequest(
        new ByteArrayInputStream(JSON.std.asBytes(event)),
        answer,
        LocalLogger.invocation(name, requestId));
    return JSON.std.mapFrom(answer.toByteArray());
  }

  private Map<String, Object> event(
      HttpExchange exchange, String routeKey, Map<String, String> parameters, String requestId) {
    Instant now = clock.instant();
    String path = exchange.getRequestURI().getRawPath();
    String query = exchange.getRequestURI().getRawQuery();
    Headers headers = exchange.getRequestHeaders();
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("method", exchange.getRequestMethod());
    http.put("path", path);
    http.put("protocol", exchange.getProtocol());
    http.put("sourceIp", exchange.getRemoteAddress().getAddress().getHostAddress());
    http.put("userAgent", headers.getFirst("User-Agent"));
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("accountId", "000000000000");
    context.put("apiId", "outpost");
    context.put("domainName", headers.getFirst("Host"));
    context.put("http", http);
    context.put("requestId", requestId);
    context.put("routeKey", routeKey);
    context.put("stage", "$default");
    context.put("timeEpoch", now.toEpochMilli());
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", routeKey);
    event.put("rawPath", path);
    event.put("rawQueryString", query == null ? "" : query);
    event.put("headers", joined(headers));
    Map<String, String> queryParameters = QueryString.parse(query);
    if (!queryParameters.isEmpty()) {
      event.put("queryStringParameters", queryParameters);
    }
    if (!parameters.isEmpty()) {
      event.put("pathParameters", parameters);
    }
    event.put("requestContext", context);
    event.put("isBase64Encoded", false);
    return event;
  }

  /** Names in lower case, several values joined by commas, as payload format 2.0 has them. */
  private static Map<String, String> joined(Headers headers) {
    Map<String, String> joined = new LinkedHashMap<>();
    headers.forEach(
        (name, values) -> joined.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    return joined;
  }

  /**
   * As API Gateway does: text as it is, anything else in Base64. What only calls itself text is
   * not: the function is to hear of it, and not to get other letters in the place of those that
   * were sent.
   */
  private static void putBody(Map<String, Object> event, String contentType, byte[] body) {
    if (body.length == 0) {
      return;
    }
    Optional<String> text = isText(contentType) ? decoded(body) : Optional.empty();
    event.put("isBase64Encoded", text.isEmpty());
    event.put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)));
  }

  private static boolean isText(String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.startsWith("application/json")
        || type.startsWith("application/javascript")
        || type.startsWith("application/xml");
  }

  private static Optional<String> decoded(byte[] utf8) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private static void write(HttpExchange exchange, Map<String, Object> answer) throws IOException {
    if (answer.get("headers") instanceof Map<?, ?> headers) {
      headers.forEach(
          (name, value) -> exchange.getResponseHeaders().set((String) name, (String) value));
    }
    String text = answer.get("body") instanceof String body ? body : "";
    byte[] bytes =
        Boolean.TRUE.equals(answer.get("isBase64Encoded"))
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    send(exchange, ((Number) answer.get("statusCode")).intValue(), bytes);
  }

  /** In the form that the functions have too: a client need not know who refused it. */
  private void refuse(HttpExchange exchange, String requestId, ApiError error) throws IOException {
    write(exchange, answer(envelope.error(error, requestId)));
  }

  private static Map<String, Object> answer(HttpResponse response) {
    return Map.of(
        "statusCode", response.status(),
        "headers", response.headers(),
        "body", response.body());
  }

  private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    boolean bodiless = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, bodiless ? -1 : bytes.length);
    if (!bodiless) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }
}
