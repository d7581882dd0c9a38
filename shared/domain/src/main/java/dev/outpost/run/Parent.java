package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * The earlier dispatch that a run continues: its change is in the work tree when the agent starts.
 *
 * @param dispatchId the earlier dispatch
 * @param baseCommit the commit that its change applies to; empty where it had none
 * @param patchUrl where its patch is: a URL for HTTP GETs of a short while
 * @param task its task
 * @param summary its agent's last words; may be empty
 * @param sessionUrl where its conversation may be, alike; only where the same agent goes on that
 *     can resume one
 */
public record Parent(
    String dispatchId,
    Optional<String> baseCommit,
    String patchUrl,
    String task,
    String summary,
    Optional<String> sessionUrl) {
  /** Refuses nulls. */
  public Parent {
    Objects.requireNonNull(dispatchId, "dispatchId");
    Objects.requireNonNull(baseCommit, "baseCommit");
    Objects.requireNonNull(patchUrl, "patchUrl");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(summary, "summary");
    Objects.requireNonNull(sessionUrl, "sessionUrl");
  }

  /** Leaves out the URLs, whose signatures open what is there, and the tenant's text. */
  @Override
  public String toString() {
    return "Parent[" + dispatchId + "]";
  }
}
