package dev.outpost.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.run.Budget;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.PriceTable;
import dev.outpost.runner.model.ModelGateway;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the runner's model gateway costs a call: the same calls of a provider on loopback, straight
 * and through it, by turns.
 */
final class GatewayLoad {
  private static final String KEY = "key";
  private static final int WARM_UP = 300;
  private static final int CALLS = 500;
  private static final int LONG_CALLS = 5;
  private static final int EVENTS = 200;
  private static final int LONG_EVENTS = 400_000;

  /** As large as the first call of the agents' programs. */
  private static final String QUESTION =
      "{\"model\":\"m\",\"stream\":true,\"system\":\"" + "x".repeat(60_000) + "\"}";

  private static final byte[] BEGINNING =
      """
      data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":9}}}

      """
          .getBytes(UTF_8);

  private static final byte[] EVENT =
      """
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"and so"}}

      """
          .getBytes(UTF_8);

  private GatewayLoad() {}

  static List<Figure> figures() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      provider.setExecutor(threads);
      provider.createContext("/long", exchange -> answer(exchange, LONG_EVENTS));
      provider.createContext("/", exchange -> answer(exchange, EVENTS));
      provider.start();
      URI url = URI.create("http://127.0.0.1:" + provider.getAddress().getPort());
      return figures(url);
    } finally {
      provider.stop(0);
    }
  }

  private static List<Figure> figures(URI provider) throws IOException {
    double cold;
    ModelGateway.warmUp();
    double[] straight = new double[CALLS];
    double[] through = new double[CALLS];
    try (ModelGateway gateway = open(provider);
        StreamedCall one = new StreamedCall(provider, "", KEY, QUESTION);
        StreamedCall other = new StreamedCall(gateway.url(), "", KEY, QUESTION)) {
      one.call();
      cold = millis(other.call().firstByteNanos());
      for (int i = 0; i < WARM_UP; i++) {
        one.call();
        other.call();
      }
      for (int i = 0; i < CALLS; i++) {
        straight[i] = millis(one.call().firstByteNanos());
        through[i] = millis(other.call().firstByteNanos());
      }
    }
    Sample direct = new Sample(straight);
    Sample passed = new Sample(through);
    double rate = 0;
    double directRate = 0;
    URI longer = URI.create(provider + "/long");
    try (ModelGateway gateway = open(longer)) {
      for (int i = 0; i < LONG_CALLS; i++) {
        directRate = Math.max(directRate, rate(provider, "/long"));
        rate = Math.max(rate, rate(gateway.url(), ""));
      }
    }
    return List.of(
        new Figure(
            "gateway_first_byte_ms",
            "model gateway's delay of a first byte, median of " + CALLS,
            passed.median() - direct.median(),
            "ms",
            "< 5 ms",
            "reading the request whole, one more hop on loopback and two changes of thread"),
        Figure.detail(
            "gateway_first_byte_p99_ms",
            "- in the slowest 1 % of calls",
            passed.percentile(99) - direct.percentile(99),
            "ms"),
        Figure.detail("gateway_straight_ms", "- a first byte without it", direct.median(), "ms"),
        Figure.detail(
            "gateway_cold_ms", "- the very first call, warmed up as a run is", cold, "ms"),
        Figure.detail("gateway_mb_per_s", "- a long stream passes it at", rate, "MB/s"),
        Figure.detail("gateway_straight_mb_per_s", "- and without it at", directRate, "MB/s"));
  }

  private static double rate(URI url, String prefix) throws IOException {
    try (StreamedCall call = new StreamedCall(url, prefix, KEY, QUESTION)) {
      StreamedCall.Came came = call.call();
      return came.bytes() / 1e6 / (came.nanos() / 1e9);
    }
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private static ModelGateway open(URI provider) throws IOException {
    return ModelGateway.open(
        new ModelAccess(ModelProtocol.ANTHROPIC, provider, Optional.of("real"), PriceTable.EMPTY),
        KEY,
        Budget.NONE,
        () -> {
          throw new IllegalStateException("there is no budget");
        });
  }

  private static void answer(HttpExchange exchange, int events) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.write(BEGINNING);
      out.flush();
      for (int i = 0; i < events; i++) {
        out.write(EVENT);
      }
    }
  }
}
