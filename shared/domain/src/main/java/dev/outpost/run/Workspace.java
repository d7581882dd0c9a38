package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * Where an agent is to work.
 *
 * @param repository a URL that git understands; empty for an empty work tree
 * @param branch the branch to start from; empty for the repository's default
 * @param init how much of the repository to bring
 */
public record Workspace(Optional<String> repository, Optional<String> branch, Init init) {
  /** Refuses nulls. */
  public Workspace {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(branch, "branch");
    Objects.requireNonNull(init, "init");
  }

  /** How much of the repository is brought into the work tree. */
  public enum Init {
    /** The whole history. */
    FULL,
    /** The newest commit of the branch alone (a shallow clone). */
    MINIMAL,
    /** Nothing: the agent starts in an empty work tree and may fetch what it wants itself. */
    NONE
  }
}
