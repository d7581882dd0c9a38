package dev.outpost.machine;

import java.nio.file.Path;
import java.util.Optional;

/** A task that a crash campaign dispatches, and how it ends when nothing is done to it. */
enum Chore {
  /** Ends at once. */
  QUICK("", 120),
  /** Works for a while. */
  WORK("sleep 1.5", 120),
  /** Works for a while in a repository. */
  REPOSITORY("cat README.md; echo more >> README.md; sleep 0.5", 120),
  /** Leaves processes behind in every way that shells know. */
  SPREADING("(sleep 600 &) & setsid sleep 600 & nohup sleep 600 > /dev/null 2>&1 & sleep 0.5", 120),
  /** Says itself that it failed. */
  FAILING("", 120),
  /** Takes longer than it may. */
  OVERDUE("sleep 600", 30),
  /** Is cancelled at some time by whoever dispatched it. */
  CANCELLED("sleep 4", 120),
  /** Names a repository that does not exist. */
  NOWHERE("", 120);

  private static final int OWN_FAILURE = 7;

  private final String middle;
  private final int timeoutSeconds;

  Chore(String middle, int timeoutSeconds) {
    this.middle = middle;
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * How a dispatch ended.
   *
   * @param status its terminal status
   * @param cause why it was no success; empty for one
   * @param exitCode the exit code, or {@link #ANY_CODE}
   */
  record End(String status, String cause, int exitCode) {
    static final int ANY_CODE = -1;
    static final End SUCCESS = new End("success", "", 0);
    static final End CANCELLED = new End("cancelled", "cancelled", ANY_CODE);

    /** Whether that end is this one. */
    boolean fits(End seen) {
      return status.equals(seen.status)
          && cause.equals(seen.cause)
          && (exitCode == ANY_CODE || exitCode == seen.exitCode);
    }

    @Override
    public String toString() {
      return cause.isEmpty() || cause.equals(status) ? status : status + " (" + cause + ")";
    }
  }

  /** How it ends when nothing is done to it. */
  End usual() {
    return switch (this) {
      case QUICK, WORK, REPOSITORY, SPREADING, CANCELLED -> End.SUCCESS;
      case FAILING -> new End("failed", "agent_error", OWN_FAILURE);
      case OVERDUE -> new End("timeout", "timeout", End.ANY_CODE);
      case NOWHERE -> new End("failed", "repo_not_found", End.ANY_CODE);
    };
  }

  int timeoutSeconds() {
    return timeoutSeconds;
  }

  /** What it works in. */
  Optional<String> repo(String repository) {
    return switch (this) {
      case REPOSITORY -> Optional.of(repository);
      case NOWHERE -> Optional.of("file:///nowhere/at/all");
      case QUICK, WORK, SPREADING, FAILING, OVERDUE, CANCELLED -> Optional.empty();
    };
  }

  /**
   * The task's text: it notes its beginning and its end, with its name and its process id, in the
   * file outside, and leaves a change behind.
   */
  String script(String name, Path marks) {
    return """
        say() { echo "$1 %1$s $$" >> '%2$s'; }
        say begin
        echo %1$s > %1$s.txt
        %3$s
        say end
        exit %4$d
        """
        .formatted(name, marks, middle, this == FAILING ? OWN_FAILURE : 0);
  }
}
