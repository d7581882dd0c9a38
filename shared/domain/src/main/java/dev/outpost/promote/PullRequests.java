package dev.outpost.promote;

import java.util.Objects;
import java.util.Optional;

/** The pull requests of a code host. Safe for use by many threads. */
public interface PullRequests {
  /** Whether the repository's host is one whose pull requests are known here. */
  boolean knows(String repository);

  /** Opens a pull request for a branch, or finds the one that is open for it. */
  Opening open(Draft draft);

  /**
   * What is to be opened.
   *
   * @param repository the repository's URL
   * @param token what gives access to the host's API
   * @param branch the branch with the change
   * @param into the branch to be merged into; the repository's default where it is empty
   * @param title one line
   * @param body the text
   */
  record Draft(
      String repository,
      String token,
      String branch,
      Optional<String> into,
      String title,
      String body) {
    /** Refuses nulls. */
    public Draft {
      Objects.requireNonNull(repository, "repository");
      Objects.requireNonNull(token, "token");
      Objects.requireNonNull(branch, "branch");
      Objects.requireNonNull(into, "into");
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(body, "body");
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
      return "Draft[" + repository + " " + branch + "]";
    }
  }

  /** What came of it. */
  sealed interface Opening {
    /**
     * It is open.
     *
     * @param number the host's number
     * @param url where a person reads it
     */
    record Opened(long number, String url) implements Opening {}

    /** The host refused or could not be reached. */
    record Failed(String why) implements Opening {}
  }
}
