package dev.outpost.runner.git;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Reads why a clone failed. Git tells it in prose alone, which we have in English (LC_ALL=C); what
 * is not recognised is {@link Cause#CLONE_FAILED} with git's own words.
 */
final class CloneFailure {
  private static final List<String> UNKNOWN =
      List.of(
          "repository not found",
          "does not appear to be a git repository",
          "does not exist",
          "returned error: 404");

  private static final List<String> HIDDEN =
      List.of(
          "could not read username",
          "could not read password",
          "authentication failed",
          "permission denied (publickey",
          "returned error: 403",
          "access denied");

  private CloneFailure() {}

  static Failure of(
      Git.Answer answer, RepositoryUrl repository, Workspace workspace, Duration limit) {
    return switch (answer.ending()) {
      case Git.Ending.TimedOut() ->
          new Failure(
              Cause.CLONE_FAILED,
              "cloning " + repository.address() + " took longer than " + limit.toSeconds() + " s");
      case Git.Ending.Stopped() ->
          new Failure(Cause.CLONE_FAILED, "cloning " + repository.address() + " was stopped");
      case Git.Ending.Exited(int code) -> of(code, answer.complaint(), repository, workspace);
    };
  }

  private static Failure of(
      int code, String complaint, RepositoryUrl repository, Workspace workspace) {
    String prose = complaint.toLowerCase(Locale.ROOT);
    if (prose.contains("remote branch") && prose.contains("not found")) {
      return new Failure(
          Cause.REPO_NOT_FOUND,
          "the branch "
              + workspace.branch().orElse("HEAD")
              + " does not exist in "
              + repository.address());
    }
    if (HIDDEN.stream().anyMatch(prose::contains)) {
      return new Failure(
          Cause.REPO_NOT_FOUND,
          "the repository "
              + repository.address()
              + " does not exist, or this installation may not read it");
    }
    boolean named = prose.contains("fatal: repository '") && prose.contains("not found");
    if (named || UNKNOWN.stream().anyMatch(prose::contains)) {
      return new Failure(
          Cause.REPO_NOT_FOUND, "the repository " + repository.address() + " does not exist");
    }
    String words =
        complaint
            .lines()
            .filter(line -> line.startsWith("fatal:") || line.startsWith("error:"))
            .findFirst()
            .orElse("git ended with exit code " + code);
    return new Failure(Cause.CLONE_FAILED, "cloning " + repository.address() + " failed: " + words);
  }
}
