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
 */
public record Parent(
    String dispatchId, Optional<String> baseCommit, String patchUrl, String task, String summary) {
  /** Refuses nulls. */
  public Parent {
    Objects.requireNonNull(dispatchId, "dispatchId");
    Objects.requireNonNull(baseCommit, "baseCommit");
    Objects.requireNonNull(patchUrl, "patchUrl");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(summary, "summary");
  }

  /** Leaves out the URL, whose signature opens the patch, and the tenant's text. */
  @Override
  public String toString() {
    return "Parent[" + dispatchId + "]";
  }
}
