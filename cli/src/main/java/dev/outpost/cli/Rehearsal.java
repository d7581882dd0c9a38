package dev.outpost.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs the client commands once against an API that is none, so that the JVM can archive the
 * classes they load. The launcher script does it after a build; every later command starts quicker.
 */
public final class Rehearsal {
  private static final byte[] ANSWER =
      """
      {"success":true,"data":{"dispatchId":"dsp_0","status":"success","agent":"script",
       "createdAt":"2026-01-01T00:00:00Z","endedAt":"2026-01-01T00:00:01Z","task":"rehearse",
       "progress":{"percent":100,"message":"success"},"logs":[],"logOffset":0,"tags":{"a":"b"},
       "dispatches":[{"dispatchId":"dsp_0","status":"success","agent":"script"}],
       "artifacts":[{"key":"t/result.json","type":"result","sizeBytes":1}]},"meta":{}}
      """
          .getBytes(StandardCharsets.UTF_8);

  private Rehearsal() {}

  /** Rehearses and ends as a client command ends. */
  public static void main(String[] args) throws IOException {
    Main.prepareClient();
    HttpServer api = stage();
    int failures = rehearse("http://127.0.0.1:" + api.getAddress().getPort());
    api.stop(0);
    Runtime.getRuntime().halt(failures == 0 ? 0 : 1);
  }

  /** An API that has one answer to everything. */
  static HttpServer stage() throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext("/", Rehearsal::answer);
    api.start();
    return api;
  }

  /** Runs the commands against that API and counts those that failed. */
  static int rehearse(String url) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
    Shell shell =
        new Shell(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Map.of("OUTPOST_API_URL", url, "OUTPOST_API_KEY", "none"),
            Path.of(""),
            Optional.empty(),
            new Terminal(true, true, true, 100),
            InstantSource.system(),
            _ -> {},
            new SecureRandom());
    int failures = 0;
    for (List<String> command :
        List.of(
            List.of("dispatch", "-a", "script", "--tag", "a=b", "rehearse"),
            List.of("status", "dsp_0"),
            List.of("logs", "dsp_0"),
            List.of("list"),
            List.of("artifacts", "dsp_0"),
            List.of("cancel", "dsp_0"),
            List.of("list", "--json"),
            List.of("tenant", "create", "--help"),
            List.of("key", "list", "--help"),
            List.of("help"))) {
      failures += Main.run(shell, command.toArray(String[]::new)) == 0 ? 0 : 1;
    }
    return failures;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }
}
