package dev.outpost.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the runner tells at the end of its run, before its container exits.
 *
 * @param failure why it was no success; empty for a success
 * @param exitCode the agent's own exit code, where it had one
 * @param summary the agent's last words, at most {@value #MAX_SUMMARY} characters (the whole stands
 *     in {@code result.json}); may be empty
 * @param usage what the model's provider counted, where it is known
 * @param baseCommit the commit that the patch applies to; empty without a repository or in one
 *     without a commit
 * @param filesChanged number of files in the patch
 * @param artifacts the files in the object store
 * @param workspaceBytes the size of the archive in which the persistent workspace was saved; empty
 *     where none was
 */
public record RunResult(
    Optional<Failure> failure,
    OptionalInt exitCode,
    String summary,
    Optional<Usage> usage,
    Optional<String> baseCommit,
    int filesChanged,
    List<Artifact> artifacts,
    OptionalLong workspaceBytes) {
  /** Longest summary kept, in characters. */
  public static final int MAX_SUMMARY = 240;

  /** Copies the list and cuts the summary. */
  public RunResult {
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(exitCode, "exitCode");
    Objects.requireNonNull(summary, "summary");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(baseCommit, "baseCommit");
    artifacts = List.copyOf(artifacts);
    Objects.requireNonNull(workspaceBytes, "workspaceBytes");
    if (summary.length() > MAX_SUMMARY) {
      summary = summary.substring(0, MAX_SUMMARY - 1) + "…";
    }
  }

  /** The same of a run that saved no workspace. */
  public RunResult(
      Optional<Failure> failure,
      OptionalInt exitCode,
      String summary,
      Optional<Usage> usage,
      Optional<String> baseCommit,
      int filesChanged,
      List<Artifact> artifacts) {
    this(
        failure,
        exitCode,
        summary,
        usage,
        baseCommit,
        filesChanged,
        artifacts,
        OptionalLong.empty());
  }
}
