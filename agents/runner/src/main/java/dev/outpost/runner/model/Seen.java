package dev.outpost.runner.model;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import dev.outpost.runner.output.Verdict;
import java.util.Optional;

/**
 * What the gateway saw of a run; there is none of an agent without a model.
 *
 * @param calls how many calls of the model there were
 * @param answered how many were answered well
 * @param fault why the last one that ended was not
 * @param usage what they consumed; empty without a call
 */
public record Seen(long calls, long answered, Optional<Failure> fault, Optional<Usage> usage) {
  private static final Failure UNASKED =
      new Failure(
          Cause.AGENT_ERROR,
          "the agent claims success, but its model was never asked and answered");

  /**
   * What is to be thought of a run whose output is judged so: the one place where both views meet.
   *
   * <p>An agent that failed after its last call failed, failed for that call's cause, whatever its
   * words are; and one that was not answered a single time has done nothing, whatever it claims.
   */
  public Verdict join(Verdict verdict) {
    Optional<Failure> failure = verdict.failure();
    Optional<Failure> known = fault.filter(why -> why.cause() != Cause.AGENT_ERROR);
    boolean explained =
        failure.map(Failure::cause).filter(Cause.BUDGET_EXCEEDED::equals).isPresent();
    boolean failed = failure.isPresent() || answered == 0;
    Optional<Failure> joined =
        failed && !explained
            ? known.or(() -> failure).or(() -> fault).or(() -> Optional.of(UNASKED))
            : failure;
    return new Verdict(joined, verdict.summary(), join(verdict.usage()));
  }

  /**
   * What was consumed, by what is known better: the tokens that passed here before the agent's own
   * count; a cost that the provider told, then the agent's, then one by list prices.
   */
  public Optional<Usage> join(Optional<Usage> told) {
    if (usage.isEmpty()) {
      return told;
    }
    Usage metered = usage.get();
    boolean byProvider = metered.costSource().equals(Optional.of(Usage.CostSource.PROVIDER));
    if (byProvider || told.isEmpty() || told.get().costUsd().isEmpty()) {
      return usage;
    }
    return Optional.of(
        new Usage(
            metered.inputTokens(),
            metered.cachedTokens(),
            metered.outputTokens(),
            told.get().costUsd(),
            told.get().costSource()));
  }
}
