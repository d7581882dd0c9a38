package dev.outpost.claim;

import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Instruction;
import dev.outpost.run.Report;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Takes a runner's reports and tells it what to do. Safe for use by many threads and processes. */
public final class HearReport {
  /** How long an upload may take from the moment its URL is asked for. */
  public static final Duration UPLOAD_TIME = Duration.ofMinutes(15);

  private final Dispatches dispatches;
  private final RunTokens tokens;
  private final ArtifactStore artifacts;
  private final Workspaces workspaces;
  private final InstantSource clock;

  /** The use case on these ports. */
  public HearReport(
      Dispatches dispatches,
      RunTokens tokens,
      ArtifactStore artifacts,
      Workspaces workspaces,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    this.workspaces = Objects.requireNonNull(workspaces, "workspaces");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** What a runner is answered. */
  public sealed interface Outcome {
    /** Its report counts; it is to do as instructed. */
    record Taken(Instruction instruction) implements Outcome {}

    /** The token is wrong; nothing more is told. */
    record Denied() implements Outcome {}

    /** The dispatch is no longer this runner's: it must end at once. */
    record Over(String why) implements Outcome {}
  }

  /** Takes a report. The same report may come again. */
  public Outcome hear(Report report) {
    Optional<DispatchId> id = DispatchId.parse(report.dispatchId());
    if (id.isEmpty() || !tokens.isReportToken(report.token(), id.get(), report.attempt())) {
      return new Outcome.Denied();
    }
    Instant now = clock.instant();
    boolean uploading = report.stage() instanceof Report.Stage.Uploading;
    DispatchEvent event =
        switch (report.stage()) {
          case Report.Stage.Working _, Report.Stage.Uploading _ ->
              new DispatchEvent.Heard(report.attempt(), now, report.progress(), report.usage());
          case Report.Stage.Finished finished ->
              new DispatchEvent.Finished(report.attempt(), now, finished.result());
        };
    if (report.stage() instanceof Report.Stage.Finished finished) {
      finished.output().ifPresent(json -> keep(id.get(), json));
      finished.result().workspaceBytes().ifPresent(bytes -> saved(id.get(), bytes, now));
    }
    return switch (dispatches.change(id.get(), event)) {
      case Change.Changed c -> new Outcome.Taken(instruct(c.after(), uploading, now));
      case Change.Unchanged c -> new Outcome.Taken(instruct(c.dispatch(), uploading, now));
      case Change.Refused c -> new Outcome.Over(c.why());
      case Change.NoSlot _, Change.Unknown _ -> new Outcome.Denied();
    };
  }

  /** Before the end is told, so that whoever sees the end finds the data. */
  private void keep(DispatchId id, String json) {
    dispatches
        .find(id)
        .filter(d -> !d.state().isTerminal() && d.spec().outputSchema().isPresent())
        .ifPresent(dispatch -> dispatches.keepOutput(dispatch, json));
  }

  /**
   * Before the end is told as well: after it the next one may have the workspace, and must find the
   * archive that is there.
   */
  private void saved(DispatchId id, long bytes, Instant now) {
    holding(id)
        .flatMap(d -> workspaces.find(d.tenantId(), d.holdsWorkspace().orElseThrow(), now))
        // Still held after it was found, it is none that was deleted and made anew meanwhile.
        .filter(_ -> holding(id).isPresent())
        .ifPresent(found -> workspaces.saved(found.saved(id, bytes, now)));
  }

  private Optional<Dispatch> holding(DispatchId id) {
    return dispatches.find(id).filter(d -> d.holdsWorkspace().isPresent());
  }

  private Instruction instruct(Dispatch dispatch, boolean uploading, Instant now) {
    Optional<Instruction.Stop> stop =
        dispatch.state() instanceof DispatchState.Stopping stopping
            ? Optional.of(
                stopping.why().cause() == Cause.CANCELLED
                    ? Instruction.Stop.CANCEL
                    : Instruction.Stop.TIMEOUT)
            : Optional.empty();
    Map<Artifact.Type, String> uploads = new EnumMap<>(Artifact.Type.class);
    if (uploading) {
      for (Artifact.Type type : Artifact.Type.values()) {
        uploads.put(type, artifacts.uploadUrl(dispatch, type, UPLOAD_TIME));
      }
    }
    Optional<String> workspaceUpload =
        uploading && dispatch.holdsWorkspace().isPresent()
            ? Optional.of(artifacts.uploadUrl(workspaces.open(dispatch, now), UPLOAD_TIME))
            : Optional.empty();
    return new Instruction(stop, uploads, workspaceUpload);
  }
}
