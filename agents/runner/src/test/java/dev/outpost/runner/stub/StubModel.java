package dev.outpost.runner.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's provider on loopback. It speaks Anthropic's Messages, OpenAI's Responses and Chat
 * Completions and Gemini's generateContent, streamed or not, under any path's beginning. What it
 * does is chosen by the task's text, see {@link Behaviour}; it keeps nothing of a conversation, for
 * each request carries all of it. Thread-safe.
 */
public final class StubModel implements AutoCloseable {
  /** The file that it has edited. */
  public static final String FILE = "README.md";

  /** The line that it has replaced. */
  public static final String BEFORE = "# Hello";

  /** The line that it has put there. */
  public static final String AFTER = "# Hello from the model";

  /** Its last words. */
  public static final String LAST_WORDS = "The greeting is from the model now.";

  /** Input tokens of each call that came from no cache. */
  public static final int INPUT = 1111;

  /** Input tokens of each call that came from the provider's cache. */
  public static final int CACHED = 333;

  /** Output tokens of each call, reasoning included. */
  public static final int OUTPUT = 22;

  /** Output tokens of each call that are reasoning. */
  public static final int REASONING = 5;

  /** How long the command of {@link Behaviour.LongCommand} takes. */
  static final int LONG_COMMAND_SECONDS = 612;

  private static final Pattern DIRECTORY = Pattern.compile("working directory: (/[^\\\\\"\\n]+)");
  private static final long PAUSE_MILLIS = 150;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * A request that came.
   *
   * @param path its path without the query
   * @param model the model that it was for, empty when it was for none
   * @param credential what proved the caller
   * @param body all of it
   */
  public record Call(String path, String model, String credential, String body) {}

  /** Starts one on a free port. */
  public StubModel() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** All calls so far, in the order of their coming. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Optional<Dialect> dialect = Dialect.of(path);
      if (dialect.isEmpty()) {
        exchange.sendResponseHeaders(path.equals("/") ? 200 : 404, -1);
        return;
      }
      Map<String, Object> request = JSON.std.mapFrom(body);
      calls.add(new Call(path, dialect.get().model(path, request), credential(exchange), body));
      answer(exchange, dialect.get(), path, request, body);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static String credential(HttpExchange exchange) {
    for (String header : List.of("x-api-key", "x-goog-api-key", "Authorization")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        return value.replaceFirst("^Bearer ", "");
      }
    }
    return "";
  }

  private void answer(
      HttpExchange exchange, Dialect dialect, String path, Map<String, Object> request, String body)
      throws IOException, InterruptedException {
    Behaviour behaviour = Behaviour.of(body);
    Set<String> tools = dialect.tools(request);
    Matcher directory = DIRECTORY.matcher(body);
    List<Turn.Use> edit = Turn.edit(tools, directory.find() ? directory.group(1) : "");
    int done = dialect.results(request);
    boolean isEdited = !edit.isEmpty() && done >= edit.size();
    Turn turn = edit.isEmpty() || isEdited ? new Turn.Say(LAST_WORDS) : edit.get(done);
    boolean streamed = dialect.isStreamed(path, request);
    String model = dialect.model(path, request);
    int id = number.incrementAndGet();
    switch (behaviour) {
      case Behaviour.Work _ -> give(exchange, dialect, turn, streamed, model, id, 0);
      case Behaviour.Slow _ -> give(exchange, dialect, turn, streamed, model, id, PAUSE_MILLIS);
      case Behaviour.Refuse(int status) ->
          send(exchange, status, "application/json", dialect.error(status).getBytes(UTF_8));
      case Behaviour.Hang _ -> closed.await();
      case Behaviour.HangAfterEdit _ -> {
        if (isEdited) {
          closed.await();
        }
        give(exchange, dialect, turn, streamed, model, id, 0);
      }
      case Behaviour.LongCommand _ ->
          give(
              exchange, dialect, isEdited ? Turn.longCommand(tools) : turn, streamed, model, id, 0);
      case Behaviour.Garbage _ ->
          send(
              exchange,
              200,
              streamed ? "text/event-stream" : "application/json",
              "\u0000\u0001 this {is] no answer\n\ndata: {\"oops\n\n".getBytes(UTF_8));
      case Behaviour.BreakOff _ -> breakOff(exchange, dialect.stream(turn, model, id));
      case Behaviour.Endless _ ->
          give(
              exchange,
              dialect,
              edit.isEmpty() ? turn : edit.get(done % edit.size()),
              streamed,
              model,
              id,
              0);
    }
  }

  private static void give(
      HttpExchange exchange,
      Dialect dialect,
      Turn turn,
      boolean streamed,
      String model,
      int id,
      long pauseMillis)
      throws IOException, InterruptedException {
    if (!streamed) {
      Thread.sleep(pauseMillis);
      send(exchange, 200, "application/json", dialect.whole(turn, model, id).getBytes(UTF_8));
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (String piece : dialect.stream(turn, model, id)) {
        Thread.sleep(pauseMillis);
        out.write(piece.getBytes(UTF_8));
        out.flush();
      }
    }
  }

  /** More is announced than comes: closing such an answer breaks the connection. */
  private static void breakOff(HttpExchange exchange, List<String> pieces) throws IOException {
    byte[] first = pieces.getFirst().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, first.length + 10_000L);
    exchange.getResponseBody().write(first);
    exchange.getResponseBody().flush();
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** What a provider says with that status. */
  static String words(int status) {
    return switch (status) {
      case 401 -> "The key is not valid.";
      case 404 -> "The model does not exist.";
      case 429 -> "Too many requests.";
      case 529 -> "Overloaded.";
      default -> "The stub answers " + status + ".";
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
