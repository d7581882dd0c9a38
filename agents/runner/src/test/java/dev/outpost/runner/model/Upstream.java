package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A model's provider on loopback that says what it is told to. */
public final class Upstream implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Script script = (exchange, _) -> answer(exchange, 500, "text/plain", "");

  /** A call that came. */
  public record Call(String method, String uri, Headers headers, String body) {}

  /** What to do with a call. */
  interface Script {
    void play(HttpExchange exchange, Call call) throws IOException, InterruptedException;
  }

  /** A provider that answers 500 until it is told what to say. */
  public Upstream() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Call call =
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    calls.add(call);
    try {
      script.play(exchange, call);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    // Not when the script threw: the server then cuts the connection.
    exchange.close();
  }

  /** Where it is. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/base");
  }

  /** The calls that came. */
  public List<Call> calls() {
    return calls;
  }

  void play(Script next) {
    script = next;
  }

  /** Answers each call so. */
  public void say(int status, String type, String body) {
    script = (exchange, _) -> answer(exchange, status, type, body);
  }

  /** Answers each call with these events. */
  void stream(String... events) {
    script =
        (exchange, _) -> {
          OutputStream out = begin(exchange);
          for (String event : events) {
            out.write(("data: " + event + "\n\n").getBytes(UTF_8));
            out.flush();
          }
        };
  }

  static OutputStream begin(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
