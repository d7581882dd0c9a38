package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.outpost.protocol.MalformedMessage;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Artifact;
import dev.outpost.run.Claim;
import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Report;
import dev.outpost.run.RunResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A control plane of one dispatch with an object store, on loopback; it can misbehave. */
final class LocalGateway implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Job job;
  private final List<Claim> claims = new CopyOnWriteArrayList<>();
  private final List<Report> reports = new CopyOnWriteArrayList<>();
  private final Map<Artifact.Type, String> artifacts = new ConcurrentHashMap<>();
  private final Map<Artifact.Type, String> contentTypes = new ConcurrentHashMap<>();
  private Optional<Instruction.Stop> stop = Optional.empty();
  private Optional<Artifact.Type> refusedUpload = Optional.empty();
  private String claimant = "";
  private int claimRefusal;
  private int reportRefusal;
  private int unavailable;
  private int unavailableReports;
  private int brokenConnections;
  private int lostClaimAnswers;
  private int lostFinishedAnswers;
  private int unavailableUploads;
  private boolean finished;
  private Optional<String> earlierPatch = Optional.empty();
  private Optional<byte[]> archive = Optional.empty();
  private boolean refusesArchive;
  private Optional<String> earlierSession = Optional.empty();

  LocalGateway(Job job) throws IOException {
    this(_ -> job);
  }

  /** With a job that knows this gateway's address. */
  LocalGateway(Function<URI, Job> made) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(RunnerProtocol.CLAIM_PATH, exchange -> serve(exchange, this::claim));
    server.createContext(RunnerProtocol.REPORT_PATH, exchange -> serve(exchange, this::report));
    server.createContext("/store/", exchange -> serve(exchange, this::store));
    server.createContext("/workspace", this::workspace);
    server.start();
    job = made.apply(url());
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void refuseClaims(int status) {
    claimRefusal = status;
  }

  synchronized void refuseReports(int status) {
    reportRefusal = status;
  }

  /** The next requests, of any kind, are answered by 503. */
  synchronized void beUnavailable(int times) {
    unavailable = times;
  }

  synchronized void beUnavailableForReports(int times) {
    unavailableReports = times;
  }

  synchronized void beUnavailableForUploads(int times) {
    unavailableUploads = times;
  }

  /** The next connections end without an answer, and without effect. */
  synchronized void breakConnections(int times) {
    brokenConnections = times;
  }

  /** The next claims are taken and their answers lost. */
  synchronized void loseClaimAnswers(int times) {
    lostClaimAnswers = times;
  }

  synchronized void loseFinishedAnswers(int times) {
    lostFinishedAnswers = times;
  }

  synchronized void refuseUpload(Artifact.Type type) {
    refusedUpload = Optional.of(type);
  }

  synchronized void tellToStop(Instruction.Stop why) {
    stop = Optional.of(why);
  }

  /** Keeps the conversation of an earlier dispatch, at {@code /store/session.txt}. */
  synchronized void keepSession(String session) {
    earlierSession = Optional.of(session);
  }

  /** Keeps the patch of an earlier dispatch. */
  synchronized void keep(String patch) {
    earlierPatch = Optional.of(patch);
  }

  /** Has the workspace's archive of an earlier run. */
  synchronized void keepArchive(byte[] bytes) {
    archive = Optional.of(bytes);
  }

  synchronized void refuseArchive() {
    refusesArchive = true;
  }

  /** The workspace's archive as it is now. */
  synchronized Optional<byte[]> archive() {
    return archive;
  }

  List<Claim> claims() {
    return claims;
  }

  List<Report> reports() {
    return reports;
  }

  Map<Artifact.Type, String> artifacts() {
    return artifacts;
  }

  String contentType(Artifact.Type type) {
    return contentTypes.get(type);
  }

  /** The result of the one final report. */
  RunResult result() {
    List<RunResult> results =
        reports.stream()
            .map(Report::stage)
            .filter(Report.Stage.Finished.class::isInstance)
            .map(stage -> ((Report.Stage.Finished) stage).result())
            .toList();
    if (results.isEmpty()) {
      throw new AssertionError("nothing was reported as finished");
    }
    return results.getLast();
  }

  /** The data of the one final report. */
  Optional<String> output() {
    return reports.stream()
        .map(Report::stage)
        .filter(Report.Stage.Finished.class::isInstance)
        .map(stage -> ((Report.Stage.Finished) stage).output())
        .reduce((_, last) -> last)
        .orElseThrow(() -> new AssertionError("nothing was reported as finished"));
  }

  private interface Answer {
    /** The status, or a body for 200. */
    Object to(HttpExchange exchange, String body) throws IOException, MalformedMessage;
  }

  private static final Object NO_ANSWER = new Object();

  private void serve(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Object answered;
      synchronized (this) {
        if (brokenConnections > 0) {
          brokenConnections--;
          return;
        }
        if (unavailable > 0) {
          unavailable--;
          answered = 503;
        } else {
          try {
            answered = answer.to(exchange, body);
          } catch (MalformedMessage e) {
            answered = 400;
          }
        }
      }
      if (answered == NO_ANSWER) {
        return;
      }
      boolean success = answered instanceof String;
      byte[] bytes = (success ? (String) answered : "{\"success\":false}").getBytes(UTF_8);
      exchange.sendResponseHeaders(success ? 200 : (Integer) answered, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String envelope(Map<String, Object> data) throws IOException {
    return JSON.std.asString(Map.of("success", true, "data", data));
  }

  private Object claim(HttpExchange exchange, String body) throws IOException, MalformedMessage {
    Claim claim = RunnerProtocol.claim(body);
    claims.add(claim);
    if (claimRefusal > 0) {
      return claimRefusal;
    }
    if (!claimant.isEmpty() && !claimant.equals(claim.claimant())) {
      return 409;
    }
    claimant = claim.claimant();
    if (lostClaimAnswers > 0) {
      lostClaimAnswers--;
      return NO_ANSWER;
    }
    return envelope(RunnerProtocol.toData(job));
  }

  private Object report(HttpExchange exchange, String body) throws IOException, MalformedMessage {
    Report report = RunnerProtocol.report(body);
    if (reportRefusal > 0) {
      return reportRefusal;
    }
    if (!report.token().equals(job.reportToken()) || finished) {
      return finished && report.stage() instanceof Report.Stage.Finished
          ? envelope(Map.of())
          : (Object) 409;
    }
    if (unavailableReports > 0) {
      unavailableReports--;
      return 503;
    }
    reports.add(report);
    Map<Artifact.Type, String> uploads = new EnumMap<>(Artifact.Type.class);
    switch (report.stage()) {
      case Report.Stage.Working() -> {}
      case Report.Stage.Uploading() -> {
        for (Artifact.Type type : Artifact.Type.values()) {
          uploads.put(type, url() + "/store/" + type.fileName() + "?X-Signature=abc");
        }
      }
      case Report.Stage.Finished _ -> {
        finished = true;
        if (lostFinishedAnswers > 0) {
          lostFinishedAnswers--;
          return NO_ANSWER;
        }
      }
    }
    return envelope(
        RunnerProtocol.toData(
            new Instruction(
                stop,
                uploads,
                job.archive()
                    .filter(_ -> !uploads.isEmpty())
                    .map(_ -> url() + "/workspace?X-Signature=abc"))));
  }

  private synchronized void workspace(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("PUT")) {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if (!refusesArchive) {
          archive = Optional.of(bytes);
        }
        exchange.sendResponseHeaders(refusesArchive ? 403 : 200, -1);
      } else if (archive.isEmpty()) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, archive.get().length);
        exchange.getResponseBody().write(archive.get());
      }
    }
  }

  private Object store(HttpExchange exchange, String body) {
    if (exchange.getRequestMethod().equals("GET")) {
      boolean session = exchange.getRequestURI().getPath().endsWith("session.txt");
      Optional<String> kept = session ? earlierSession : earlierPatch;
      return kept.isPresent() ? kept.get() : (Object) 404;
    }
    String name = exchange.getRequestURI().getPath().substring("/store/".length());
    Artifact.Type type = Artifact.Type.of(name).orElseThrow();
    if (unavailableUploads > 0) {
      unavailableUploads--;
      return 503;
    }
    if (refusedUpload.equals(Optional.of(type))) {
      return 403;
    }
    artifacts.put(type, body);
    contentTypes.put(type, exchange.getRequestHeaders().getFirst("Content-Type"));
    return "";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
