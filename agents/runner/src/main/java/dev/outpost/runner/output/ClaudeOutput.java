package dev.outpost.runner.output;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import dev.outpost.runner.log.Level;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * claude's stream-json, which grok's streaming-messages-json shares. A success has a result event
 * with subtype "success" that is no error, and exit code 0: an API error is told as subtype
 * "success" with is_error.
 */
final class ClaudeOutput extends AgentOutput {
  private static final int LONGEST_TOOL_RESULT = 200;

  private Optional<Event> result = Optional.empty();
  private String lastText = "";
  private String currentMessage = "";
  private Usage settled = new Usage(0, 0, 0, OptionalDouble.empty());
  private Optional<Usage> current = Optional.empty();

  ClaudeOutput(LogStream log, Scrubber scrubber) {
    super(log, scrubber);
  }

  @Override
  void read(String line) {
    Event event = Event.of(line).orElse(Event.NONE);
    switch (event.text("type")) {
      case "system" -> system(event);
      case "assistant" -> assistant(event.object("message"));
      case "user" -> user(event.object("message"));
      case "result" -> result = Optional.of(event);
      default -> {
        if (!line.isBlank()) {
          log().info(line);
        }
      }
    }
  }

  private void system(Event event) {
    switch (event.text("subtype")) {
      case "init" -> {
        noteSession(event.text("session_id"));
        log().info("model " + event.text("model"));
      }
      case "api_retry" ->
          log()
              .error(
                  "the model's provider answered "
                      + event.count("error_status")
                      + "; try "
                      + event.count("attempt")
                      + " of "
                      + event.count("max_retries"));
      default -> log().log(Level.DEBUG, "system " + event.text("subtype"));
    }
  }

  private void assistant(Event message) {
    for (Object item : message.list("content")) {
      Event block = Event.ofValue(item);
      switch (block.text("type")) {
        case "text" -> {
          if (!block.text("text").isBlank()) {
            lastText = block.text("text").strip();
            log().info(lastText);
          }
        }
        case "tool_use" -> log().info(ToolLine.of(block.text("name"), block.object("input")));
        default -> {
          // Thinking and whatever comes: not for people.
        }
      }
    }
    if (message.has("usage")) {
      // Each block of a message comes as an event of its own, with the message's usage so far.
      if (!message.text("id").equals(currentMessage)) {
        settled = sum(settled, current);
        currentMessage = message.text("id");
      }
      current = Optional.of(usage(message.object("usage"), OptionalDouble.empty()));
    }
  }

  private void user(Event message) {
    for (Object item : message.list("content")) {
      Event block = Event.ofValue(item);
      if (block.text("type").equals("tool_result")) {
        String text =
            block.has("content") && block.text("content").isEmpty()
                ? Event.ofValue(first(block.list("content"))).text("text")
                : block.text("content");
        log()
            .log(
                block.isTrue("is_error") ? Level.ERROR : Level.DEBUG,
                "-> " + cut(ToolLine.firstLine(text), LONGEST_TOOL_RESULT));
      }
    }
  }

  private static Object first(List<?> list) {
    return list.isEmpty() ? Event.NONE : list.getFirst();
  }

  private static Usage usage(Event usage, OptionalDouble cost) {
    return new Usage(
        usage.count("input_tokens") + usage.count("cache_creation_input_tokens"),
        usage.count("cache_read_input_tokens"),
        usage.count("output_tokens"),
        cost);
  }

  private static Usage sum(Usage one, Optional<Usage> other) {
    return other.isEmpty()
        ? one
        : new Usage(
            one.inputTokens() + other.get().inputTokens(),
            one.cachedTokens() + other.get().cachedTokens(),
            one.outputTokens() + other.get().outputTokens(),
            OptionalDouble.empty());
  }

  @Override
  Optional<Usage> consumed() {
    if (result.isPresent() && result.get().has("usage")) {
      return Optional.of(usage(result.get().object("usage"), cost(result.get())));
    }
    return current.map(usage -> sum(settled, Optional.of(usage)));
  }

  /** The cost, unless it was guessed for a model that the agent does not know. */
  private static OptionalDouble cost(Event result) {
    for (Object model : result.object("modelUsage").fields().values()) {
      if (Event.ofValue(model).text("costBasis").equals("unknown")) {
        return OptionalDouble.empty();
      }
    }
    OptionalDouble cost = result.decimal("total_cost_usd");
    return cost.isPresent() && cost.getAsDouble() > 0 ? cost : OptionalDouble.empty();
  }

  @Override
  Verdict judge(int exitCode) {
    if (result.isEmpty()) {
      Failure failure =
          exitCode == 0
              ? new Failure(Cause.AGENT_ERROR, "the agent ended without a result")
              : exitFailure(exitCode);
      return new Verdict(Optional.of(failure), scrubbed(lastText), consumed());
    }
    Event event = result.get();
    int denied = event.list("permission_denials").size();
    if (denied > 0) {
      log().error(denied + " uses of tools were denied to the agent");
    }
    String text = event.text("result").strip();
    return new Verdict(
        failure(event, exitCode), scrubbed(text.isEmpty() ? lastText : text), consumed());
  }

  private Optional<Failure> failure(Event event, int exitCode) {
    String subtype = event.text("subtype");
    if (subtype.equals("error_max_budget_usd")) {
      return Optional.of(new Failure(Cause.BUDGET_EXCEEDED, "the agent's budget was used up"));
    }
    if (subtype.equals("error_max_turns")) {
      return Optional.of(new Failure(Cause.AGENT_ERROR, "the agent reached its limit of turns"));
    }
    boolean cancelled =
        event.text("stopReason").equals("cancelled")
            || event.text("stop_reason").equals("cancelled");
    if (event.isTrue("is_error") || !subtype.equals("success") || cancelled) {
      String words = event.text("result");
      if (words.isBlank()) {
        words = errors(event.list("errors"));
      }
      return Optional.of(
          fault(
              event.integer("api_error_status"),
              words.isBlank() ? "the agent ended with " + subtype : words));
    }
    return exitCode == 0 ? Optional.empty() : Optional.of(exitFailure(exitCode));
  }

  private static String errors(List<?> errors) {
    StringBuilder words = new StringBuilder();
    for (Object error : errors) {
      String text = error instanceof String value ? value : Event.ofValue(error).text("message");
      words.append(words.isEmpty() ? "" : "; ").append(text);
    }
    return words.toString();
  }
}
