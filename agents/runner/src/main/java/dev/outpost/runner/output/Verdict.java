package dev.outpost.runner.output;

import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import java.util.Optional;

/**
 * What an agent's output and exit code say about its run.
 *
 * @param failure why it was no success; scrubbed
 * @param summary the agent's last words, at most {@value #MAX_SUMMARY} characters; scrubbed
 * @param usage what it consumed, where it told
 */
public record Verdict(Optional<Failure> failure, String summary, Optional<Usage> usage) {
  /** Longest summary kept, in characters. */
  public static final int MAX_SUMMARY = 64 * 1024;

  /** Cuts the summary to its bound. */
  public Verdict {
    if (summary.length() > MAX_SUMMARY) {
      summary = summary.substring(0, MAX_SUMMARY - 1) + "…";
    }
  }
}
