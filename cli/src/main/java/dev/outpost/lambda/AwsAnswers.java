package dev.outpost.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An endpoint of AWS that gives fixed answers, so that what is timed is the function and not a
 * store. It speaks to services of the AWS JSON protocol alone, which name the operation in the
 * header {@code X-Amz-Target}. On the loopback interface alone.
 */
public final class AwsAnswers implements AutoCloseable {
  private static final int OK = 200;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final List<Rule> rules;
  private final HttpServer server;

  private AwsAnswers(List<Rule> rules, HttpServer server) {
    this.rules = List.copyOf(rules);
    this.server = server;
  }

  /**
   * A fixed answer.
   *
   * @param operation the operation's name, such as {@code GetItem}
   * @param with what the request's body must contain besides
   * @param answer the JSON of the answer
   * @param status the HTTP status; 400 for an error, whose JSON has its name as {@code __type}
   */
  public record Rule(String operation, String with, String answer, int status) {
    /** Refuses nulls. */
    public Rule {
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(with, "with");
      Objects.requireNonNull(answer, "answer");
    }

    /** An answer that is no error. */
    public Rule(String operation, String with, String answer) {
      this(operation, with, answer, OK);
    }
  }

  /**
   * A call that was made.
   *
   * @param operation the operation's name
   * @param body the request's JSON
   */
  public record Call(String operation, String body) {
    /** Refuses nulls. */
    public Call {
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(body, "body");
    }
  }

  /** Starts one; the first rule that fits a request counts, and without one the answer is empty. */
  public static AwsAnswers start(List<Rule> rules) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AwsAnswers answers = new AwsAnswers(rules, server);
    server.setExecutor(answers.threads);
    server.createContext("/", answers::handle);
    server.start();
    return answers;
  }

  /** Its URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The calls made so far. */
  public List<Call> calls() {
    return new ArrayList<>(calls);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
      String operation = target.substring(target.lastIndexOf('.') + 1);
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add(new Call(operation, body));
      Rule rule = rule(operation, body);
      String answer = operation.equals("SendMessage") ? sent(body) : rule.answer();
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
      exchange.sendResponseHeaders(rule.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Rule rule(String operation, String body) {
    return rules.stream()
        .filter(rule -> rule.operation().equals(operation) && body.contains(rule.with()))
        .findFirst()
        .orElseGet(() -> new Rule(operation, "", "{}"));
  }

  /** The one answer that can't be fixed: the SDK compares its digest with what was sent. */
  private static String sent(String request) throws IOException {
    String body = (String) JSON.std.mapFrom(request).get("MessageBody");
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
      return JSON.std.asString(
          Map.of("MessageId", "1", "MD5OfMessageBody", HexFormat.of().formatHex(digest)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
