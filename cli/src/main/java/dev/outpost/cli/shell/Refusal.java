package dev.outpost.cli.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The end of a command that can't do what it was asked: thrown anywhere, told in one place, and
 * never with a stack trace.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;
  private final String code;
  private final transient List<String> details;
  private final boolean passing;

  private Refusal(
      ExitCode exit, String code, String sentence, List<String> details, boolean passing) {
    super(Objects.requireNonNull(sentence, "sentence"));
    this.exit = Objects.requireNonNull(exit, "exit");
    this.code = Objects.requireNonNull(code, "code");
    this.details = List.copyOf(details);
    this.passing = passing;
  }

  /** The command line makes no sense. */
  public static Refusal usage(String sentence, String... details) {
    return new Refusal(ExitCode.USAGE, "USAGE", sentence, List.of(details), false);
  }

  /** Something that was named does not exist or is not allowed. */
  public static Refusal refused(String code, String sentence, List<String> details) {
    return new Refusal(ExitCode.REFUSED, code, sentence, details, false);
  }

  /** Refused for now: another try a little later may pass. */
  public static Refusal refusedForNow(String code, String sentence, List<String> details) {
    return new Refusal(ExitCode.REFUSED, code, sentence, details, true);
  }

  /** Nothing answers. */
  public static Refusal unreachable(String sentence, String... details) {
    return new Refusal(ExitCode.UNREACHABLE, "UNREACHABLE", sentence, List.of(details), true);
  }

  /** The other side failed. */
  public static Refusal broken(String code, String sentence, String... details) {
    return new Refusal(ExitCode.BROKEN, code, sentence, List.of(details), true);
  }

  /** This machine failed: a file, a pipe. */
  public static Refusal local(String sentence) {
    return new Refusal(ExitCode.BROKEN, "LOCAL_ERROR", sentence, List.of(), false);
  }

  /** What the process ends with. */
  public ExitCode exit() {
    return exit;
  }

  /** The API's code, or one of ours in the same form. */
  public String code() {
    return code;
  }

  /** Whether the same request may pass a little later. */
  public boolean passing() {
    return passing;
  }

  /** The sentence with the API's code before it, then the details, one a line. */
  public List<String> lines() {
    String first = exit == ExitCode.REFUSED ? code + ": " + getMessage() : getMessage();
    List<String> lines = new ArrayList<>();
    lines.add("outpost: " + first);
    details.forEach(detail -> lines.add("  " + detail));
    return lines;
  }

  /** The same for programs. */
  public Map<String, Object> document() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", getMessage());
    if (!details.isEmpty()) {
      error.put("details", details);
    }
    return Map.of("error", error);
  }
}
