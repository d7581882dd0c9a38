package dev.outpost.functions.runner;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.outpost.claim.ClaimJob;
import dev.outpost.claim.HearReport;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.Envelope;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.HttpResponse;
import dev.outpost.edge.MalformedJson;
import dev.outpost.edge.Refused;
import dev.outpost.edge.start.Primed;
import dev.outpost.protocol.MalformedMessage;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Claim;
import dev.outpost.run.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runner gateway: {@code POST /runner/claim} and {@code POST /runner/report}, behind a function
 * URL in AWS, whose events are those of an HTTP API.
 *
 * <p>It has no authoriser: the claim token and the report token in the bodies are checked here, and
 * a wrong one is told nothing but that.
 */
public final class RunnerFunction implements RequestStreamHandler, Primed {
  /** Memory that it is given, in MB: a runner can wait some milliseconds longer. */
  public static final int MEMORY_MB = 256;

  /** Largest body taken, in bytes: a result with its summary is a few KB. */
  static final int MAX_BODY = 256 * 1024;

  /**
   * A runner's pace. Each report is a request, an invocation and a read, so one that tells nothing
   * new is only a cost: in two minutes the progress of a usual run rises by what is worth a write.
   * A cancel does not wait for it: the launcher stops the task, and its runner asks at once why.
   */
  public static final Duration REPORT_EVERY = Duration.ofMinutes(2);

  /** An agent's time between SIGTERM and SIGKILL; the task's own stop timeout must be longer. */
  public static final Duration GRACE = Duration.ofSeconds(20);

  /** Its routes; whatever else is asked is not found. */
  public static final List<String> ROUTES =
      List.of("POST " + RunnerProtocol.CLAIM_PATH, "POST " + RunnerProtocol.REPORT_PATH);

  private static final Logger LOG = LoggerFactory.getLogger(RunnerFunction.class);

  private final ClaimJob claimJob;
  private final HearReport hearReport;
  private final Envelope envelope;
  private final Optional<RunnerWiring> wiring;

  /** For Lambda: wired from the environment. */
  public RunnerFunction() {
    this(RunnerWiring.fromEnvironment(System.getenv()));
    Primed.register(this);
  }

  private RunnerFunction(RunnerWiring wiring) {
    this.claimJob = wiring.claimJob();
    this.hearReport = wiring.hearReport();
    this.envelope = wiring.envelope();
    this.wiring = Optional.of(wiring);
  }

  /** On these use cases. */
  public RunnerFunction(ClaimJob claimJob, HearReport hearReport, Envelope envelope) {
    this.claimJob = Objects.requireNonNull(claimJob, "claimJob");
    this.hearReport = Objects.requireNonNull(hearReport, "hearReport");
    this.envelope = Objects.requireNonNull(envelope, "envelope");
    this.wiring = Optional.empty();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    HttpRequest request = HttpRequest.read(input);
    answer(request).writeTo(output);
  }

  /**
   * A claim and a report about a dispatch that can't be, for ids begin with their time; and the
   * same where it is, but nothing else.
   */
  @Override
  public Round rehearsal() {
    Rehearsal requests =
        wiring.map(w -> Rehearsal.with(w.tokens())).orElse(Rehearsal.WITHOUT_TOKENS);
    List<RunnerFunction> functions = new ArrayList<>(List.of(this));
    wiring.ifPresent(w -> functions.add(w.nowhere()));
    return context -> {
      for (RunnerFunction function : functions) {
        function.handleRequest(requests.claim(), OutputStream.nullOutputStream(), context);
        function.handleRequest(requests.report(), OutputStream.nullOutputStream(), context);
      }
    };
  }

  private HttpResponse answer(HttpRequest request) {
    try {
      return envelope.success(200, data(request), request.requestId());
    } catch (Refused e) {
      return envelope.error(e.error(), request.requestId());
    } catch (RuntimeException e) {
      LOG.error("request {} failed", request.requestId(), e);
      return envelope.error(
          new ApiError(ErrorCode.INTERNAL_ERROR, "Something went wrong here; try again."),
          request.requestId());
    }
  }

  private Map<String, Object> data(HttpRequest request) throws Refused {
    if (!ROUTES.contains(request.method() + " " + request.path())) {
      throw new Refused(ErrorCode.NOT_FOUND, "There is no such path, or not by that method.");
    }
    if (request.body().size() > MAX_BODY) {
      throw new Refused(ErrorCode.PAYLOAD_TOO_LARGE, "The body is larger than 256 KB.");
    }
    try {
      return switch (request.path()) {
        case RunnerProtocol.CLAIM_PATH -> claim(RunnerProtocol.claim(request.body().text()));
        case RunnerProtocol.REPORT_PATH -> report(RunnerProtocol.report(request.body().text()));
        default -> throw new Refused(ErrorCode.NOT_FOUND, "There is no such path.");
      };
    } catch (MalformedMessage | MalformedJson e) {
      throw new Refused(ErrorCode.VALIDATION_ERROR, "The message is malformed: " + e.getMessage());
    }
  }

  private Map<String, Object> claim(Claim claim) throws Refused {
    return switch (claimJob.claim(claim)) {
      case ClaimJob.Outcome.Granted granted -> {
        LOG.info("dispatch {}: claimed, launch {}", claim.dispatchId(), claim.attempt());
        yield RunnerProtocol.toData(granted.job());
      }
      case ClaimJob.Outcome.Taken taken -> throw new Refused(ErrorCode.CONFLICT, taken.why());
      case ClaimJob.Outcome.Denied _ -> throw denied();
    };
  }

  private Map<String, Object> report(Report report) throws Refused {
    return switch (hearReport.hear(report)) {
      case HearReport.Outcome.Taken taken -> RunnerProtocol.toData(taken.instruction());
      case HearReport.Outcome.Over over -> throw new Refused(ErrorCode.CONFLICT, over.why());
      case HearReport.Outcome.Denied _ -> throw denied();
    };
  }

  private static Refused denied() {
    return new Refused(ErrorCode.AUTHENTICATION_ERROR, "The token is not good for this dispatch.");
  }
}
