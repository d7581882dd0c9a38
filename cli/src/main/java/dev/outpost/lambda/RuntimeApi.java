package dev.outpost.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lambda's Runtime API for one process of a function (AWS Lambda Developer Guide, "Using the Lambda
 * runtime API for custom runtimes"), with the endpoint at which a process waits for the restore of
 * its snapshot. On the loopback interface alone.
 */
public final class RuntimeApi implements AutoCloseable {
  private static final String BASE = "/2018-06-01/runtime/";
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Invocation> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> initErrors = new LinkedBlockingQueue<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch restored = new CountDownLatch(1);
  private final HttpServer server;
  private volatile long handedOut;

  private RuntimeApi(HttpServer server, InstantSource clock) {
    this.server = server;
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Starts one on a free port. */
  public static RuntimeApi start(InstantSource clock) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    RuntimeApi api = new RuntimeApi(server, clock);
    server.setExecutor(api.threads);
    server.createContext(BASE, api::handle);
    server.start();
    return api;
  }

  /** What a process finds in {@code AWS_LAMBDA_RUNTIME_API}. */
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Waits until the process has initialised itself: until it asks for its first event, or, under
   * SnapStart, for the restore of its snapshot.
   *
   * @return the error that it ended with instead, as a JSON object; empty when it is ready
   */
  public Optional<String> awaitReady(Duration patience) throws InterruptedException {
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < until) {
      if (ready.await(1, TimeUnit.MILLISECONDS)) {
        return Optional.empty();
      }
      String error = initErrors.poll();
      if (error != null) {
        return Optional.of(error);
      }
    }
    throw new IllegalStateException("the function was not ready after " + patience);
  }

  /** Lets the process go on that waits for its restore. */
  public void restore() {
    restored.countDown();
  }

  /**
   * Gives the process an event and waits for what becomes of it; one at a time.
   *
   * @param event a JSON document
   */
  public Invocation invoke(String event, Duration patience) throws InterruptedException {
    events.add(event);
    Invocation answer = answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (answer == null) {
      throw new IllegalStateException("no answer after " + patience);
    }
    return answer;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring(BASE.length());
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      switch (path) {
        case "invocation/next" -> next(exchange);
        case "restore/next" -> {
          ready.countDown();
          await(restored);
          send(exchange, 200, Map.of(), "");
        }
        case "init/error", "restore/error" -> {
          initErrors.add(body);
          send(exchange, 202, Map.of(), "{\"status\":\"OK\"}");
        }
        default -> {
          long nanos = System.nanoTime() - handedOut;
          Optional<Invocation> answer =
              path.endsWith("/response")
                  ? Optional.of(new Invocation.Returned(nanos, body))
                  : path.endsWith("/error")
                      ? Optional.of(new Invocation.Failed(nanos, body))
                      : Optional.empty();
          send(exchange, answer.isPresent() ? 202 : 404, Map.of(), "{\"status\":\"OK\"}");
          answer.ifPresent(answers::add);
        }
      }
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    ready.countDown();
    String event;
    try {
      event = events.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("closed", e);
    }
    Map<String, String> headers =
        Map.of(
            "Lambda-Runtime-Aws-Request-Id",
            UUID.randomUUID().toString(),
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(clock.instant().plus(DEADLINE).toEpochMilli()),
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:eu-central-1:111122223333:function:outpost",
            "Content-Type",
            "application/json");
    handedOut = System.nanoTime();
    send(exchange, 200, headers, event);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("closed", e);
    }
  }

  private static void send(
      HttpExchange exchange, int status, Map<String, String> headers, String body)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
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
