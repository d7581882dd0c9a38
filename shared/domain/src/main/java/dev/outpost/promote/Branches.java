package dev.outpost.promote;

import dev.outpost.run.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The branches of foreign repositories. Safe for use by many threads. */
public interface Branches {
  /**
   * Pushes a change as one commit on a new branch. The same order makes the same commit, so that a
   * repeat finds its own work; a branch that leads elsewhere is left alone.
   */
  Push push(Order order);

  /**
   * What is to be pushed.
   *
   * @param repository a URL that git understands, without credentials
   * @param token what gives access to it by HTTP, if anything is needed
   * @param base the commit that the change applies to
   * @param patch the change, as {@code git diff --binary} writes it
   * @param branch the new branch's name
   * @param message the commit's message
   * @param at the commit's time
   */
  record Order(
      String repository,
      Optional<String> token,
      String base,
      Content patch,
      String branch,
      String message,
      Instant at) {
    /** Refuses nulls. */
    public Order {
      Objects.requireNonNull(repository, "repository");
      Objects.requireNonNull(token, "token");
      Objects.requireNonNull(base, "base");
      Objects.requireNonNull(patch, "patch");
      Objects.requireNonNull(branch, "branch");
      Objects.requireNonNull(message, "message");
      Objects.requireNonNull(at, "at");
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
      return "Order[" + repository + " " + branch + "]";
    }
  }

  /** Bytes that are read when they are needed. */
  @FunctionalInterface
  interface Content {
    /** Opens them anew. */
    InputStream open() throws IOException;
  }

  /** What came of a push. */
  sealed interface Push {
    /**
     * The branch leads to the commit.
     *
     * @param commit its id
     * @param repeated whether it did so before
     */
    record Pushed(String commit, boolean repeated) implements Push {}

    /** The branch exists and leads elsewhere. */
    record Taken(String commit) implements Push {}

    /** It could not be done, and why. */
    record Failed(Failure why) implements Push {}
  }
}
