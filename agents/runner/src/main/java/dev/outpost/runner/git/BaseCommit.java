package dev.outpost.runner.git;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Takes a fresh clone back to the commit that an earlier dispatch stood on. */
final class BaseCommit {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final String ALL_BRANCHES = "+refs/heads/*:refs/remotes/origin/*";
  private static final Duration SHORT = Duration.ofMinutes(1);

  private BaseCommit() {}

  /**
   * Goes there, fetching the commit where the clone has it not.
   *
   * @param commit the commit; empty when the earlier dispatch stood on none
   * @param remote where the clone is from; empty for a tree that was cloned from nowhere
   * @param tree git in the clone
   * @throws NotPrepared when the commit is not to be had any more
   */
  static void goTo(Optional<String> commit, Optional<Remote> remote, Git tree, Duration limit)
      throws NotPrepared, IOException {
    String head = tree.tryRead(SHORT, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
    if (head.equals(commit.orElse(""))) {
      return;
    }
    if (commit.isEmpty()) {
      throw gone("the repository was empty when the earlier dispatch ran, and is not any more");
    }
    String name = commit.get();
    if (!NAME.matcher(name).matches() || remote.isEmpty()) {
      throw gone("the earlier dispatch stood on a commit that has no name here");
    }
    fetch(name, remote.get().in(tree.directory()), tree, limit);
    Git.Answer reset = tree.run(limit, "reset", "--quiet", "--hard", name);
    if (!reset.isSuccess()) {
      throw gone("the earlier dispatch's base commit " + name + " can't be checked out");
    }
  }

  private static void fetch(String name, Remote remote, Git tree, Duration limit)
      throws NotPrepared, IOException {
    if (has(tree, name)) {
      return;
    }
    boolean shallow = remote.workspace().init() == Workspace.Init.MINIMAL;
    List<String> one =
        shallow
            ? List.of("fetch", "--quiet", "--no-tags", "--depth", "1", "origin", name)
            : List.of("fetch", "--quiet", "--no-tags", "origin", name);
    // Not every server gives a commit by its name; then all that it has may hold it.
    if (!remote.run(limit, one).isSuccess() || !has(tree, name)) {
      Git.Answer all =
          remote.run(
              limit,
              shallow
                  ? List.of("fetch", "--quiet", "--unshallow", "origin", ALL_BRANCHES)
                  : List.of("fetch", "--quiet", "origin", ALL_BRANCHES));
      if (!all.isSuccess()) {
        throw new NotPrepared(CloneFailure.of(all, remote.repository(), remote.workspace(), limit));
      }
    }
    if (!has(tree, name)) {
      throw gone(
          "the earlier dispatch's base commit "
              + name
              + " is no longer in "
              + remote.repository().address());
    }
  }

  /** Brings the commit if it is to be had. */
  static void tryFetch(String name, Optional<Remote> remote, Git tree, Duration limit)
      throws IOException {
    if (!NAME.matcher(name).matches() || remote.isEmpty()) {
      return;
    }
    try {
      fetch(name, remote.get().in(tree.directory()), tree, limit);
    } catch (NotPrepared _) {
      // Whoever can't do without it asks again, and says so.
    }
  }

  private static boolean has(Git tree, String name) throws IOException {
    return tree.run(SHORT, "cat-file", "-e", name + "^{commit}").isSuccess();
  }

  private static NotPrepared gone(String why) {
    return new NotPrepared(new Failure(Cause.FOLLOW_UP_FAILED, why));
  }
}
