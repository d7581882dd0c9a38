package dev.outpost.runner.output;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.run.Usage;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads what one agent prints, line by line: the readers of its two streams and the reporter come
 * from several threads, so each method is guarded. No line makes it fail: what it does not
 * understand is logged as it is.
 */
public abstract sealed class AgentOutput
    permits TextOutput, AiderOutput, ClaudeOutput, CodexOutput, GeminiOutput {
  private static final int LONGEST_COMPLAINT = 400;

  private final LogStream log;
  private final Scrubber scrubber;
  private String complaint = "";
  private Optional<String> session = Optional.empty();

  AgentOutput(LogStream log, Scrubber scrubber) {
    this.log = log;
    this.scrubber = scrubber;
  }

  /**
   * The reader for a form.
   *
   * @param log tells people what happens
   * @param scrubber of the run: a text is scrubbed before it is cut to its bound, which could make
   *     half a secret of a whole one
   */
  public static AgentOutput of(Job.Output form, LogStream log, Scrubber scrubber) {
    return switch (form) {
      case TEXT -> new TextOutput(log, scrubber);
      case AIDER_TEXT -> new AiderOutput(log, scrubber);
      case CLAUDE_STREAM_JSON -> new ClaudeOutput(log, scrubber);
      case CODEX_JSON -> new CodexOutput(log, scrubber);
      case GEMINI_STREAM_JSON -> new GeminiOutput(log, scrubber);
    };
  }

  final LogStream log() {
    return log;
  }

  /** Takes a line of standard output. */
  public final synchronized void line(String line) {
    read(line);
  }

  /** Takes a line of standard error, which the caller logs. */
  public final synchronized void complaint(String line) {
    if (!line.isBlank()) {
      complaint = cut(scrubbed(line.strip()), LONGEST_COMPLAINT);
    }
  }

  /** What was consumed so far, where the agent told. */
  public final synchronized Optional<Usage> usage() {
    return consumed();
  }

  /** The id of its conversation, where the agent told one; its own words, whatever they are. */
  public final synchronized Optional<String> session() {
    return session;
  }

  /** Notes the id that an event tells, if it does. */
  final void noteSession(String id) {
    if (!id.isEmpty()) {
      session = Optional.of(id);
    }
  }

  /** What is to be thought of the run, after its last line. */
  public final synchronized Verdict verdict(int exitCode) {
    return judge(exitCode);
  }

  abstract void read(String line);

  abstract Optional<Usage> consumed();

  abstract Verdict judge(int exitCode);

  final String scrubbed(String text) {
    return scrubber.scrub(text);
  }

  /** A failure that the agent told of. */
  final Failure fault(OptionalInt status, String words) {
    return ModelFault.of(status, scrubbed(words));
  }

  /** An exit code other than 0, with the last complaint as the reason. */
  final Failure exitFailure(int exitCode) {
    String how =
        exitCode == 137
            ? "the agent was killed (exit code 137), perhaps for its memory use"
            : "the agent ended with exit code " + exitCode;
    return new Failure(Cause.AGENT_ERROR, complaint.isEmpty() ? how : how + ": " + complaint);
  }

  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
