package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * A runner's demand for the job of its dispatch.
 *
 * @param dispatchId the dispatch that the task was started for
 * @param attempt which launch of it, from 1
 * @param token the one-time claim token from the task's environment
 * @param claimant a random word that this runner chose at its start: the same claimant may ask
 *     again when the answer was lost, another is refused
 * @param taskArn the task that it runs in, where it knows that
 */
public record Claim(
    String dispatchId, int attempt, String token, String claimant, Optional<String> taskArn) {
  /** Refuses nulls. */
  public Claim {
    Objects.requireNonNull(dispatchId, "dispatchId");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(claimant, "claimant");
    Objects.requireNonNull(taskArn, "taskArn");
  }

  /** Leaves the token out. */
  @Override
  public String toString() {
    return "Claim[" + dispatchId + "#" + attempt + "]";
  }
}
