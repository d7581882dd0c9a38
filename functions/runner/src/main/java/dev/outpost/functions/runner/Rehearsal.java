package dev.outpost.functions.runner;

import dev.outpost.claim.RunTokens;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dynamodb.rehearsal.NobodysDispatch;
import dev.outpost.edge.Json;
import dev.outpost.protocol.RunnerProtocol;
import dev.outpost.run.Claim;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Requests that no runner sent, about a dispatch that can't be.
 *
 * @param claimToken lets its claim pass as far as the store
 * @param reportToken the same for its report
 */
record Rehearsal(String claimToken, String reportToken) {
  /** Requests that are turned away at the door. */
  static final Rehearsal WITHOUT_TOKENS = new Rehearsal("", "");

  private static final DispatchId NOBODYS = NobodysDispatch.ID;

  Rehearsal {
    Objects.requireNonNull(claimToken, "claimToken");
    Objects.requireNonNull(reportToken, "reportToken");
  }

  static Rehearsal with(RunTokens tokens) {
    return new Rehearsal(tokens.claimToken(NOBODYS, 1), tokens.reportToken(NOBODYS, 1));
  }

  InputStream claim() {
    return event(
        RunnerProtocol.CLAIM_PATH,
        RunnerProtocol.toJson(
            new Claim(NOBODYS.value(), 1, claimToken, "rehearsal", Optional.empty())));
  }

  InputStream report() {
    return event(
        RunnerProtocol.REPORT_PATH,
        RunnerProtocol.toJson(
            new Report(
                NOBODYS.value(),
                1,
                reportToken,
                new Progress(1, "rehearsal"),
                Optional.empty(),
                new Report.Stage.Uploading())));
  }

  private static InputStream event(String path, String body) {
    String event =
        Json.text(
            Map.of(
                "version",
                "2.0",
                "routeKey",
                "POST " + path,
                "rawPath",
                path,
                "requestContext",
                Map.of("http", Map.of("method", "POST"), "requestId", "rehearsal"),
                "body",
                body));
    return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
  }
}
