package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Spans;
import dev.outpost.cli.shell.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/** A dispatch, told to a person. */
final class Report {
  private static final int LABEL = 11;

  private final Shell shell;

  Report(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  /** How it ended and what to do next, on standard error. */
  void end(Seen seen) {
    PrintWriter err = shell.complaints();
    String took = Spans.brief(seen.elapsed(shell.clock().instant()));
    err.println(shell.terminal().paint(seen.status()) + " in " + took);
    seen.text("cause").ifPresent(cause -> err.println("cause: " + cause + retryable(seen)));
    seen.text("errorMessage").ifPresent(err::println);
    switch (seen.exit()) {
      case OK ->
          err.println("its changes:  outpost artifacts " + seen.id() + " --patch | git apply");
      default -> err.println("its log:      outpost logs " + seen.id());
    }
  }

  /** All that is known, on standard output. */
  void whole(Seen seen) {
    PrintWriter out = shell.printer();
    Instant now = shell.clock().instant();
    line(out, "dispatch", seen.id());
    StringBuilder status = new StringBuilder(shell.terminal().paint(seen.status()));
    if (!seen.hasEnded()) {
      seen.percent().ifPresent(percent -> status.append("  ").append(percent).append('%'));
      seen.message().ifPresent(message -> status.append("  ").append(message));
    }
    line(out, "status", status.toString());
    seen.text("agent")
        .ifPresent(
            agent ->
                line(
                    out,
                    "agent",
                    agent + seen.text("modelId").map(m -> " (" + m + ")").orElse("")));
    show(out, seen, "repo", "repo");
    show(out, seen, "branch", "branch");
    seen.text("task")
        .ifPresent(
            task -> line(out, "task", Terminal.oneLine(task, shell.terminal().columns() - LABEL)));
    seen.instant("createdAt")
        .ifPresent(at -> line(out, "accepted", at + "  (" + ago(at, now) + " ago)"));
    show(out, seen, "started", "startedAt");
    seen.instant("endedAt")
        .ifPresent(
            at -> line(out, "ended", at + "  (took " + Spans.brief(seen.elapsed(now)) + ")"));
    show(out, seen, "exit code", "exitCode");
    seen.text("cause").ifPresent(cause -> line(out, "cause", cause + retryable(seen)));
    show(out, seen, "error", "errorMessage");
    Optional.ofNullable(seen.json().get("output"))
        .ifPresent(
            data -> line(out, "output", Terminal.oneLine(Json.print(data), Integer.MAX_VALUE)));
    pairs(out, "usage", Json.map(seen.json(), "usage"));
    pairs(out, "tags", Json.map(seen.json(), "tags"));
  }

  private static String ago(Instant at, Instant now) {
    return Spans.brief(Duration.between(at, now));
  }

  private static String retryable(Seen seen) {
    return Objects.equals(seen.json().get("retryable"), true) ? " (worth another try)" : "";
  }

  private static void show(PrintWriter out, Seen seen, String label, String field) {
    seen.text(field).ifPresent(value -> line(out, label, value));
  }

  private static void pairs(PrintWriter out, String label, Map<String, Object> pairs) {
    StringJoiner text = new StringJoiner("  ");
    pairs.forEach(
        (name, value) -> {
          if (value != null) {
            text.add(Terminal.harmless(name + "=" + value));
          }
        });
    if (text.length() > 0) {
      line(out, label, text.toString());
    }
  }

  private static void line(PrintWriter out, String label, String value) {
    out.println(label + " ".repeat(LABEL - label.length()) + value);
  }
}
