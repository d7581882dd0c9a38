package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * What a runner tells while it works.
 *
 * @param dispatchId the dispatch
 * @param attempt which launch of it
 * @param token the report token of the job
 * @param progress how far the run is
 * @param usage what was consumed so far, where it is known
 * @param stage what the runner is about
 */
public record Report(
    String dispatchId,
    int attempt,
    String token,
    Progress progress,
    Optional<Usage> usage,
    Stage stage) {
  /** Refuses nulls. */
  public Report {
    Objects.requireNonNull(dispatchId, "dispatchId");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(progress, "progress");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(stage, "stage");
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "Report[" + dispatchId + "#" + attempt + " " + progress.percent() + "%]";
  }

  /** Largest output that is kept, in bytes of its JSON. */
  public static final int MAX_OUTPUT = 64 * 1024;

  /** What the runner is about. */
  public sealed interface Stage {
    /** It prepares or runs. */
    record Working() implements Stage {}

    /** It is about to upload, and asks for upload targets. */
    record Uploading() implements Stage {}

    /**
     * All is done; the container exits after this.
     *
     * @param result what the run left
     * @param output the data that the agent returned, as JSON of at most {@value #MAX_OUTPUT}
     *     bytes, for a dispatch that wanted any
     */
    record Finished(RunResult result, Optional<String> output) implements Stage {
      /** Refuses nulls. */
      public Finished {
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(output, "output");
      }

      /** Without data. */
      public Finished(RunResult result) {
        this(result, Optional.empty());
      }
    }
  }
}
