package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.cli.Typed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An API over real HTTP that says what it was told to say, in order. */
final class ScriptedApi implements AutoCloseable {
  private record Line(int status, String body, boolean hangsUp) {}

  record Heard(String method, String uri, Map<String, List<String>> headers, String body) {
    Map<String, Object> json() throws IOException {
      return JSON.std.mapFrom(body);
    }
  }

  private final HttpServer server;
  private final Queue<Line> script = new ConcurrentLinkedQueue<>();
  private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();

  ScriptedApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A shell that knows this API. */
  Typed typed(Path directory) {
    return Typed.in(directory).with("OUTPOST_API_URL", url()).with("OUTPOST_API_KEY", "otp_k");
  }

  ScriptedApi says(String data) {
    return says(200, "{\"success\":true,\"data\":" + data + "}");
  }

  ScriptedApi says(int status, String body) {
    script.add(new Line(status, body, false));
    return this;
  }

  /** Reads the request and hangs up without an answer. */
  ScriptedApi hangsUp() {
    script.add(new Line(0, "", true));
    return this;
  }

  List<Heard> heard() {
    return List.copyOf(heard);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      heard.add(
          new Heard(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      Line line = script.remove();
      if (line.hangsUp()) {
        throw new IOException("hangs up");
      }
      exchange.getResponseHeaders().add("Retry-After", "7");
      byte[] body = line.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(line.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
