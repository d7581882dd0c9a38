package dev.outpost.runner.output;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import dev.outpost.runner.log.Level;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The events of {@code codex exec --json}. A success has a last turn that completed, and exit code
 * 0. The usage of a completed turn is the thread's so far; it counts cached tokens as input.
 */
final class CodexOutput extends AgentOutput {
  private String lastText = "";
  private String lastError = "";
  private Optional<Failure> failed = Optional.empty();
  private boolean completed;
  private Optional<Usage> usage = Optional.empty();

  CodexOutput(LogStream log, Scrubber scrubber) {
    super(log, scrubber);
  }

  @Override
  void read(String line) {
    Event event = Event.of(line).orElse(Event.NONE);
    switch (event.text("type")) {
      case "thread.started" -> noteSession(event.text("thread_id"));
      case "turn.started", "item.updated" -> {
        // Nothing for people.
      }
      case "item.started" -> started(event.object("item"));
      case "item.completed" -> completed(event.object("item"));
      case "turn.completed" -> {
        completed = true;
        failed = Optional.empty();
        usage = Optional.of(usage(event.object("usage")));
      }
      case "turn.failed" -> {
        completed = false;
        Event error = event.object("error");
        failed = Optional.of(fault(status(error), error.text("message")));
      }
      case "error" -> {
        lastError = event.text("message");
        log().error(lastError);
      }
      default -> {
        if (!line.isBlank()) {
          log().info(line);
        }
      }
    }
  }

  private static OptionalInt status(Event error) {
    OptionalInt status = error.integer("status");
    return status.isPresent() ? status : error.integer("code");
  }

  private void started(Event item) {
    switch (item.text("type")) {
      case "command_execution" -> log().info(ToolLine.of("shell", item));
      case "mcp_tool_call" -> log().info(item.text("server") + "." + item.text("tool"));
      case "web_search" -> log().info(ToolLine.of("web search", item));
      default -> {
        // Told when it is complete.
      }
    }
  }

  private void completed(Event item) {
    switch (item.text("type")) {
      case "agent_message" -> {
        lastText = item.text("text").strip();
        log().info(lastText);
      }
      case "command_execution" -> {
        OptionalInt code = item.integer("exit_code");
        if (code.isPresent() && code.getAsInt() != 0) {
          log().error("-> exit code " + code.getAsInt());
        }
      }
      case "file_change" -> {
        for (Object change : item.list("changes")) {
          Event file = Event.ofValue(change);
          log().info(file.text("kind") + " " + file.text("path"));
        }
      }
      // It may be a warning only; whether the turn failed is told apart.
      case "error" -> log().error(item.text("message"));
      default -> log().log(Level.DEBUG, item.text("type"));
    }
  }

  private static Usage usage(Event usage) {
    long cached = usage.count("cached_input_tokens");
    return new Usage(
        Math.max(0, usage.count("input_tokens") - cached),
        cached,
        usage.count("output_tokens"),
        OptionalDouble.empty());
  }

  @Override
  Optional<Usage> consumed() {
    return usage;
  }

  @Override
  Verdict judge(int exitCode) {
    return new Verdict(failure(exitCode), scrubbed(lastText), usage);
  }

  private Optional<Failure> failure(int exitCode) {
    if (failed.isPresent()) {
      return failed;
    }
    if (completed) {
      return exitCode == 0 ? Optional.empty() : Optional.of(exitFailure(exitCode));
    }
    if (!lastError.isBlank()) {
      return Optional.of(fault(OptionalInt.empty(), lastError));
    }
    return Optional.of(
        exitCode == 0
            ? new Failure(Cause.AGENT_ERROR, "the agent ended without completing its turn")
            : exitFailure(exitCode));
  }
}
