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
 * The events of {@code gemini -o stream-json}. A success has a result event with status "success",
 * and exit code 0: a signal ends it with 0 and no result. Its input counts cached tokens, its
 * output does not count thoughts.
 */
final class GeminiOutput extends AgentOutput {
  /** The exit code is the HTTP status of the API's error, of which a process keeps 8 bits. */
  private static final int FIRST_STATUS = 400;

  private static final int LAST_STATUS = 511;
  private static final int LONGEST_SPOKEN = 64 * 1024;

  private final StringBuilder spoken = new StringBuilder();
  private int logged;
  private Optional<Event> result = Optional.empty();

  GeminiOutput(LogStream log, Scrubber scrubber) {
    super(log, scrubber);
  }

  @Override
  void read(String line) {
    Event event = Event.of(line).orElse(Event.NONE);
    String type = event.text("type");
    if (!type.equals("message")) {
      logSpoken(true);
    }
    switch (type) {
      case "init" -> {
        noteSession(event.text("session_id"));
        log().info("model " + event.text("model"));
      }
      case "message" -> {
        if (event.text("role").equals("assistant")) {
          speak(event.text("content"), event.isTrue("delta"));
        }
      }
      case "tool_use" -> {
        startAnew();
        log().info(ToolLine.of(event.text("tool_name"), event.object("parameters")));
      }
      case "tool_result" -> {
        if (event.text("status").equals("error")) {
          log().error("-> " + ToolLine.firstLine(message(event)));
        }
      }
      case "error" -> log().log(Level.ERROR, event.text("message"));
      case "result" -> result = Optional.of(event);
      default -> {
        if (!line.isBlank()) {
          log().info(line);
        }
      }
    }
  }

  private static String message(Event event) {
    String message = event.object("error").text("message");
    return message.isEmpty() ? event.text("output") : message;
  }

  /** Text comes in pieces that end anywhere; a log line is a whole line. */
  private void speak(String text, boolean piece) {
    if (!piece || spoken.length() > LONGEST_SPOKEN) {
      logSpoken(true);
      startAnew();
    }
    spoken.append(text);
    logSpoken(!piece);
  }

  private void logSpoken(boolean all) {
    int end = all ? spoken.length() : spoken.lastIndexOf("\n") + 1;
    if (end > logged) {
      String text = spoken.substring(logged, end).strip();
      if (!text.isEmpty()) {
        log().info(text);
      }
      logged = end;
    }
  }

  private void startAnew() {
    spoken.setLength(0);
    logged = 0;
  }

  @Override
  Optional<Usage> consumed() {
    Event stats = result.orElse(Event.NONE).object("stats");
    if (!stats.has("input_tokens") && !stats.has("output_tokens")) {
      return Optional.empty();
    }
    long input = stats.count("input_tokens");
    long cached = stats.count("cached");
    long output = Math.max(stats.count("output_tokens"), stats.count("total_tokens") - input);
    return Optional.of(
        new Usage(Math.max(0, input - cached), cached, output, OptionalDouble.empty()));
  }

  @Override
  Verdict judge(int exitCode) {
    logSpoken(true);
    return new Verdict(failure(exitCode), scrubbed(spoken.toString().strip()), consumed());
  }

  private Optional<Failure> failure(int exitCode) {
    Event event = result.orElse(Event.NONE);
    if (event.text("status").equals("success")) {
      return exitCode == 0 ? Optional.empty() : Optional.of(exitFailure(exitCode));
    }
    Event error = event.object("error");
    OptionalInt status = error.integer("code");
    if (status.isEmpty()) {
      status = status(exitCode);
    }
    if (event.has("error")) {
      String words = error.text("message");
      return Optional.of(fault(status, words.isBlank() ? error.text("type") : words));
    }
    return switch (exitCode) {
      case 0 -> Optional.of(new Failure(Cause.AGENT_ERROR, "the agent ended without a result"));
      case 41 -> Optional.of(new Failure(Cause.MODEL_AUTH, exitFailure(exitCode).message()));
      case 53 ->
          Optional.of(new Failure(Cause.AGENT_ERROR, "the agent reached its limit of turns"));
      default -> Optional.of(fault(status, exitFailure(exitCode).message()));
    };
  }

  private static OptionalInt status(int exitCode) {
    int status = exitCode + 256;
    return status >= FIRST_STATUS && status <= LAST_STATUS
        ? OptionalInt.of(status)
        : OptionalInt.empty();
  }
}
