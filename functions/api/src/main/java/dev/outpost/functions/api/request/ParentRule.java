package dev.outpost.functions.api.request;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * The earlier dispatch that is to be continued: the tenant's own, at its end, with a change kept.
 *
 * @param named whether the request names one
 * @param found that dispatch, where the tenant has it
 */
record ParentRule(boolean named, Optional<Dispatch> found) {
  private static final String NAME = "parentId";

  /** Its record must outlive the longest wait for a slot, and the run. */
  private static final Duration NEEDED = Dispatch.MAX_WAIT.plusDays(1);

  static ParentRule read(Fields fields, Function<DispatchId, Optional<Dispatch>> mine) {
    Optional<String> id = fields.text(NAME);
    return new ParentRule(id.isPresent(), id.flatMap(DispatchId::parse).flatMap(mine));
  }

  /**
   * To be asked when the request itself is without a mistake.
   *
   * @throws Refused when there is no such dispatch, or it can't be continued
   */
  void check(Instant now) throws Refused {
    if (!named) {
      return;
    }
    Dispatch parent =
        found.orElseThrow(
            () -> new Refused(ErrorCode.NOT_FOUND, "There is no such dispatch as the parentId."));
    Optional<String> flaw = flaw(parent, now);
    if (flaw.isPresent()) {
      throw new Refused(ErrorCode.CONFLICT, "The parent can't be continued: " + flaw.get());
    }
  }

  private static Optional<String> flaw(Dispatch parent, Instant now) {
    if (!parent.state().isTerminal()) {
      return Optional.of("it has not ended, its status is " + parent.status().wire() + ".");
    }
    Optional<RunResult> told = parent.state().told();
    Optional<Artifact> patch =
        told.stream()
            .flatMap(result -> result.artifacts().stream())
            .filter(artifact -> artifact.type() == Artifact.Type.PATCH)
            .findFirst();
    if (patch.isEmpty()) {
      return Optional.of("it kept no patch.");
    }
    if (patch.get().sizeBytes() == 0 && told.flatMap(RunResult::baseCommit).isEmpty()) {
      return Optional.of("it left neither a commit nor a change to go on from.");
    }
    return parent.createdAt().plus(Dispatch.KEPT).isBefore(now.plus(NEEDED))
        ? Optional.of("it is too old, its record and its patch will soon be removed.")
        : Optional.empty();
  }
}
