package dev.outpost.runner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.run.Budget;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * A server on loopback that takes an agent's calls of its model, for one run: they must show the
 * run's own key and leave with the real one, for the one allowed address. Thread-safe.
 */
public final class ModelGateway implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration LAST_CALLS = Duration.ofSeconds(2);
  private static final int KEY_BYTES = 24;

  private final HttpServer server;
  private final ExecutorService threads;
  private final HttpClient client;
  private final Meter meter;
  private final String authority;
  private final String key;

  private ModelGateway(
      HttpServer server,
      ExecutorService threads,
      HttpClient client,
      Meter meter,
      String authority,
      String key) {
    this.server = server;
    this.threads = threads;
    this.client = client;
    this.meter = meter;
    this.authority = authority;
    this.key = key;
  }

  /**
   * A gateway that takes calls at once, on a free port.
   *
   * @param key what the agent must show, see {@link #newKey}
   * @param overBudget runs once, when the budget is used up
   * @throws IOException when no port can be had
   */
  public static ModelGateway open(
      ModelAccess access, String key, Budget budget, Runnable overBudget) throws IOException {
    // Without this each part of a stream waits for a delayed acknowledgement, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    HttpClient client =
        HttpClient.newBuilder()
            // One stream on each connection: a slow one must not hold up another.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(threads)
            .build();
    String authority = "127.0.0.1:" + server.getAddress().getPort();
    Meter meter = new Meter(access.prices(), budget, overBudget);
    server.setExecutor(threads);
    server.createContext("/", new ModelCalls(access, key, authority, meter, client));
    server.start();
    return new ModelGateway(server, threads, client, meter, authority, key);
  }

  /**
   * Takes a call for nothing, to a provider that only seems to be one, so that the first real call
   * does not pay for the first use of every class on the way: some hundred milliseconds, which a
   * run has to spare while its repository is being brought.
   */
  public static void warmUp() {
    String key = newKey();
    try {
      // A provider is called by TLS: its certificates are read once.
      SSLContext.getDefault();
      HttpServer nobody =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      nobody.createContext("/", ModelGateway::answerNothing);
      nobody.start();
      URI there = URI.create("http://127.0.0.1:" + nobody.getAddress().getPort());
      ModelAccess access =
          new ModelAccess(ModelProtocol.ANTHROPIC, there, Optional.of("no key"), PriceTable.EMPTY);
      try (ModelGateway gateway = open(access, key, Budget.NONE, () -> {})) {
        HttpURLConnection call =
            (HttpURLConnection) URI.create(gateway.url() + "/v1/messages").toURL().openConnection();
        call.setRequestProperty("x-api-key", key);
        call.setDoOutput(true);
        call.getOutputStream().write("{\"model\":\"none\"}".getBytes(UTF_8));
        try (InputStream answer = call.getInputStream()) {
          answer.readAllBytes();
        }
      } finally {
        nobody.stop(0);
      }
    } catch (IOException | GeneralSecurityException _) {
      // Then the first call pays for it.
    }
  }

  private static void answerNothing(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange
        .getResponseBody()
        .write("data: {\"message\":{\"usage\":{\"input_tokens\":0}}}\n\n".getBytes(UTF_8));
    exchange.close();
  }

  /** A key that nobody can guess. */
  public static String newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return "outpost-run-" + HexFormat.of().formatHex(bytes);
  }

  /** Where the agent finds its model; without a slash at its end. */
  public URI url() {
    return URI.create("http://" + authority);
  }

  /** What the agent must show there. */
  public String key() {
    return key;
  }

  /** What was seen of the run so far. */
  public Seen seen() {
    return meter.seen();
  }

  /** Waits a moment for calls whose agent is gone, so that they are counted. */
  public void settle() throws InterruptedException {
    meter.awaitEnd(LAST_CALLS);
  }

  /** How much of the budget was used, as a sentence. */
  public String spent() {
    return meter.spent();
  }

  /** Ends all calls. */
  @Override
  public void close() {
    server.stop(0);
    client.shutdownNow();
    threads.shutdownNow();
  }
}
