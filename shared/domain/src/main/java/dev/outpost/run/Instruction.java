package dev.outpost.run;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The control plane's answer to a report.
 *
 * @param stop why the runner is to end the agent now (TERM, grace, KILL), to upload what there is
 *     and to report; empty to go on
 * @param uploads where to put each artifact: short-lived URLs for an HTTP PUT; only in the answer
 *     to {@link Report.Stage.Uploading}
 * @param workspaceUpload where to put the persistent workspace's archive, likewise; for a run that
 *     works in one
 */
public record Instruction(
    Optional<Stop> stop, Map<Artifact.Type, String> uploads, Optional<String> workspaceUpload) {
  /** Copies the map. */
  public Instruction {
    Objects.requireNonNull(stop, "stop");
    uploads = Map.copyOf(uploads);
    Objects.requireNonNull(workspaceUpload, "workspaceUpload");
  }

  /** For a run without a persistent workspace, or before its uploads. */
  public Instruction(Optional<Stop> stop, Map<Artifact.Type, String> uploads) {
    this(stop, uploads, Optional.empty());
  }

  /** Why a run is to stop before its time. */
  public enum Stop {
    /** Its owner cancelled it. */
    CANCEL,
    /** Its deadline passed. */
    TIMEOUT
  }
}
