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
 */
public record Instruction(Optional<Stop> stop, Map<Artifact.Type, String> uploads) {
  /** Copies the map. */
  public Instruction {
    Objects.requireNonNull(stop, "stop");
    uploads = Map.copyOf(uploads);
  }

  /** Why a run is to stop before its time. */
  public enum Stop {
    /** Its owner cancelled it. */
    CANCEL,
    /** Its deadline passed. */
    TIMEOUT
  }
}
