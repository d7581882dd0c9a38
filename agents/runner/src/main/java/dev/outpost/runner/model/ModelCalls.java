package dev.outpost.runner.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.outpost.run.Failure;
import dev.outpost.run.ModelAccess;
import dev.outpost.runner.output.ModelFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Passes calls on to the one upstream, and reads their answers along. Thread-safe. */
final class ModelCalls implements HttpHandler {
  /** The largest body of a call, in bytes: Anthropic's own limit, the largest known. */
  private static final int LARGEST_BODY = 32 * 1024 * 1024;

  /** What bodies under way may take of the runner's heap together, in KiB. */
  private static final int MEMORY = 64 * 1024;

  /** A model that thinks without streaming may take this long to its first byte. */
  private static final Duration FIRST_BYTE = Duration.ofMinutes(15);

  /** A stream that says nothing for so long is dead: providers send pings meanwhile. */
  private static final Duration SILENCE = Duration.ofMinutes(5);

  private static final int BUFFER = 16 * 1024;

  private final ModelAccess access;
  private final String key;
  private final String authority;
  private final Meter meter;
  private final HttpClient client;
  private final Semaphore memory = new Semaphore(MEMORY);

  /**
   * Calls.
   *
   * @param key what the agent must show
   * @param authority host and port that the agent must have called
   */
  ModelCalls(ModelAccess access, String key, String authority, Meter meter, HttpClient client) {
    this.access = access;
    this.key = key;
    this.authority = authority;
    this.meter = meter;
    this.client = client;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Optional<Refusal> refusal = serve(exchange);
    if (refusal.isPresent()) {
      refusal.get().answer(access.protocol(), exchange);
    }
    // Not when something was thrown: closing would end a broken answer as if it were whole, while
    // the server cuts the connection of a handler that throws.
    exchange.close();
  }

  private Optional<Refusal> serve(HttpExchange exchange) throws IOException {
    URI asked = exchange.getRequestURI();
    String host = exchange.getRequestHeaders().getFirst("Host");
    Optional<Endpoints.Kind> kind =
        asked.isAbsolute() || asked.getRawAuthority() != null || asked.getRawPath() == null
            ? Optional.empty()
            : Endpoints.kind(access.protocol(), exchange.getRequestMethod(), asked.getRawPath());
    if (!GatewayHeaders.show(exchange.getRequestHeaders(), queryKey(asked), key)) {
      return Optional.of(Refusal.unknownKey());
    }
    if (kind.isEmpty() || !authority.equals(host)) {
      return Optional.of(Refusal.notFound());
    }
    if (meter.isOver()) {
      return Optional.of(Refusal.overBudget(meter.spent()));
    }
    int[] taken = {0};
    try {
      Optional<byte[]> body = body(exchange, taken);
      if (body.isEmpty()) {
        return Optional.of(Refusal.tooLarge());
      }
      return call(exchange, kind.get(), body.get());
    } finally {
      memory.release(taken[0]);
    }
  }

  /** The whole body; empty when it is too large, or too much is under way. */
  private Optional<byte[]> body(HttpExchange exchange, int[] taken) throws IOException {
    long length = length(exchange);
    if (length > LARGEST_BODY) {
      return Optional.empty();
    }
    int kib = (int) (length / 1024) + 1;
    if (!memory.tryAcquire(kib)) {
      return Optional.empty();
    }
    taken[0] = kib;
    if (length >= 0) {
      // Of its size at once: no copy is made on the way.
      byte[] body = new byte[(int) length];
      int read = exchange.getRequestBody().readNBytes(body, 0, body.length);
      return read == body.length ? Optional.of(body) : Optional.empty();
    }
    return inParts(exchange.getRequestBody(), taken);
  }

  /** A body that tells its length only by its end is gathered, and copied once. */
  private Optional<byte[]> inParts(InputStream in, int[] taken) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      int kib = 3 * (out.size() / 1024) + 1;
      int more = Math.max(0, kib - taken[0]);
      if (out.size() > LARGEST_BODY || !memory.tryAcquire(more)) {
        return Optional.empty();
      }
      taken[0] += more;
    }
    return Optional.of(out.toByteArray());
  }

  private static long length(HttpExchange exchange) {
    String told = exchange.getRequestHeaders().getFirst("Content-Length");
    try {
      return told == null ? -1 : Math.max(0, Long.parseLong(told));
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private Optional<Refusal> call(HttpExchange exchange, Endpoints.Kind kind, byte[] body)
      throws IOException {
    Question question = Question.EMPTY;
    if (!exchange.getRequestMethod().equals("GET")) {
      try {
        question = Question.of(body, kind);
      } catch (Question.Refused e) {
        return Optional.of(Refusal.invalid(e.getMessage()));
      }
    }
    String model = question.model().isEmpty() ? modelInPath(exchange) : question.model();
    HttpRequest request = request(exchange, question);
    long call = meter.begin();
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      String why = e.getClass().getSimpleName();
      meter.failed(call, unreachable(why));
      return Optional.of(Refusal.unreachable(why));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      meter.abandoned(call);
      return Optional.of(Refusal.unreachable("the run ends"));
    }
    try (InputStream in = answer.body()) {
      pass(exchange, answer, in, new Call(call, kind, model, question.length()));
    }
    return Optional.empty();
  }

  private record Call(long id, Endpoints.Kind kind, String model, long asked) {}

  private HttpRequest request(HttpExchange exchange, Question question) {
    URI asked = exchange.getRequestURI();
    String query = queryWithoutKey(asked);
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create(
                    access.upstream() + asked.getRawPath() + (query.isEmpty() ? "" : "?" + query)))
            .timeout(FIRST_BYTE)
            .method(exchange.getRequestMethod(), question.publisher());
    GatewayHeaders.forward(exchange.getRequestHeaders(), access.protocol(), access.key(), builder);
    return builder.build();
  }

  private void pass(
      HttpExchange exchange, HttpResponse<InputStream> answer, InputStream raw, Call call)
      throws IOException {
    String encoding = answer.headers().firstValue("content-encoding").orElse("identity");
    InputStream in;
    switch (encoding.toLowerCase(Locale.ROOT)) {
      case "identity", "" -> in = raw;
      case "gzip" -> in = new GZIPInputStream(raw, BUFFER);
      default -> {
        // What cannot be read cannot be metered, and was not asked for.
        meter.failed(call.id(), unreachable("it answered in the encoding " + encoding));
        Refusal.unreachable("it answered in another encoding than was asked for")
            .answer(access.protocol(), exchange);
        return;
      }
    }
    Told told = new Told(access.protocol());
    String type = answer.headers().firstValue("content-type").orElse("");
    AnswerReader reader =
        new AnswerReader(told, type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"));
    GatewayHeaders.back(answer.headers(), exchange.getResponseHeaders());
    boolean bodiless = answer.statusCode() == 204 || answer.statusCode() == 304;
    boolean broken = false;
    boolean left = false;
    try (StreamWatch watch = new StreamWatch(raw, SILENCE)) {
      byte[] buffer = new byte[BUFFER];
      OutputStream out = null;
      while (true) {
        int n;
        try {
          n = in.read(buffer);
        } catch (IOException _) {
          broken = true;
          break;
        }
        watch.heard();
        if (out == null) {
          // In parts of any length: the agent knows the end when it is settled here.
          exchange.sendResponseHeaders(answer.statusCode(), bodiless ? -1 : 0);
          out = exchange.getResponseBody();
        }
        if (n < 0) {
          break;
        }
        // Before it passes, which takes microseconds: when the agent acts on it, it is counted.
        if (reader.take(buffer, n) && call.kind() != Endpoints.Kind.FREE) {
          meter.update(call.id(), told, call.model());
        }
        out.write(buffer, 0, n);
        out.flush();
      }
      broken |= watch.isSilent();
    } catch (IOException _) {
      left = true;
    }
    reader.finish();
    settle(call, told, reader, answer.statusCode(), broken, left);
    if (broken) {
      // The agent must see a stream that broke, not one that ended.
      throw new IOException("the provider's answer broke off");
    }
  }

  private void settle(
      Call call, Told told, AnswerReader reader, int status, boolean broken, boolean left) {
    boolean success = status >= 200 && status < 300;
    boolean whole = !broken && !left;
    if (success && call.kind() != Endpoints.Kind.FREE) {
      if (told.isCounted() && whole) {
        meter.update(call.id(), told, call.model());
      } else {
        meter.updateUntold(call.id(), told, call.model(), call.asked(), reader.events());
      }
    }
    if (!success) {
      meter.failed(call.id(), fault(status, told.error()));
    } else if (!told.error().isEmpty()) {
      meter.failed(call.id(), ModelFault.of(OptionalInt.empty(), told.error()));
    } else if (broken) {
      meter.failed(call.id(), unreachable("its answer broke off"));
    } else if (left) {
      meter.abandoned(call.id());
    } else if (call.kind() == Endpoints.Kind.FREE) {
      // That the list of models could be read says nothing about the models.
      meter.abandoned(call.id());
    } else {
      meter.succeeded(call.id());
    }
  }

  /** A wrong key is a 400 at Gemini, and told by its type alone. */
  private static Failure fault(int status, String words) {
    String told = "the model's provider answered " + status + (words.isEmpty() ? "" : ": " + words);
    return ModelFault.of(status == 400 ? OptionalInt.empty() : OptionalInt.of(status), told);
  }

  private static Failure unreachable(String why) {
    return ModelFault.of(OptionalInt.of(503), "the model's provider could not be reached: " + why);
  }

  /** {@code …/models/NAME:method}, as Gemini has it. */
  private static String modelInPath(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    int colon = last.lastIndexOf(':');
    return colon < 0 ? "" : last.substring(0, colon);
  }

  private static Optional<String> queryKey(URI asked) {
    return parameters(asked)
        .filter(parameter -> parameter.startsWith("key="))
        .map(parameter -> parameter.substring("key=".length()))
        .findFirst();
  }

  private static String queryWithoutKey(URI asked) {
    return parameters(asked)
        .filter(parameter -> !parameter.startsWith("key="))
        .collect(Collectors.joining("&"));
  }

  private static Stream<String> parameters(URI asked) {
    String query = asked.getRawQuery();
    return query == null || query.isEmpty() ? Stream.empty() : Stream.of(query.split("&", -1));
  }
}
