package dev.outpost.runner.model;

import dev.outpost.run.ModelProtocol;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What the answer to one call has told of itself so far. Providers repeat their counts as they
 * grow: the newest counts. For one thread.
 *
 * <p>Sources: Anthropic, "Streaming messages" (message_start, message_delta: cumulative counts);
 * OpenAI, "Responses streaming events" (response.completed) and "Chat completion chunk" (usage);
 * Gemini API, "UsageMetadata"; xAI, "Cost tracking" (cost_in_usd_ticks); OpenRouter, "Usage
 * accounting" (cost).
 */
final class Told {
  /** The objects in answers that hold what is wanted. */
  static final Set<String> WANTED =
      Set.of(
          "",
          "error",
          "error.details",
          "message",
          "message.usage",
          "response",
          "response.error",
          "response.usage",
          "response.usage.input_tokens_details",
          "usage",
          "usage.input_tokens_details",
          "usage.prompt_tokens_details",
          "usageMetadata");

  private static final double TICKS_PER_DOLLAR = 1e10;

  private final ModelProtocol protocol;
  private long read;
  private long cacheWritten;
  private long served;
  private long written;
  private boolean counted;
  private OptionalDouble cost = OptionalDouble.empty();
  private String model = "";
  private String error = "";

  Told(ModelProtocol protocol) {
    this.protocol = protocol;
  }

  /** Input tokens, cached ones included for OpenAI and Gemini, never for Anthropic. */
  long fresh() {
    return protocol == ModelProtocol.ANTHROPIC ? read : Math.max(0, read - served);
  }

  long cacheWritten() {
    return cacheWritten;
  }

  long served() {
    return served;
  }

  long written() {
    return written;
  }

  /** Whether any count was told. */
  boolean isCounted() {
    return counted;
  }

  OptionalDouble cost() {
    return cost;
  }

  String model() {
    return model;
  }

  /** Type and message of an error within the answer; empty where there is none. */
  String error() {
    return error;
  }

  void take(Map<String, String> values) {
    switch (protocol) {
      case ANTHROPIC -> {
        anthropic(values, "message.usage.");
        anthropic(values, "usage.");
        model(values, "message.model", "model");
      }
      case OPENAI -> {
        openAi(values, "response.usage.");
        openAi(values, "usage.");
        model(values, "response.model", "model");
      }
      case GEMINI -> {
        gemini(values);
        model(values, "modelVersion");
      }
    }
    error(values, "error.");
    error(values, "response.error.");
  }

  private void anthropic(Map<String, String> values, String at) {
    read = count(values, at + "input_tokens", read);
    cacheWritten = count(values, at + "cache_creation_input_tokens", cacheWritten);
    served = count(values, at + "cache_read_input_tokens", served);
    written = count(values, at + "output_tokens", written);
  }

  private void openAi(Map<String, String> values, String at) {
    read = count(values, at + "input_tokens", count(values, at + "prompt_tokens", read));
    served = count(values, at + "prompt_cache_hit_tokens", served);
    served = count(values, at + "prompt_tokens_details.cached_tokens", served);
    served = count(values, at + "input_tokens_details.cached_tokens", served);
    written = count(values, at + "output_tokens", count(values, at + "completion_tokens", written));
    // xAI counts reasoning in the total alone, others in what was written.
    long total = count(values, at + "total_tokens", 0);
    written = Math.max(written, total - read);
    number(values, at + "cost").ifPresent(dollars -> cost = OptionalDouble.of(dollars));
    number(values, at + "cost_in_usd_ticks")
        .ifPresent(ticks -> cost = OptionalDouble.of(ticks / TICKS_PER_DOLLAR));
  }

  private void gemini(Map<String, String> values) {
    String at = "usageMetadata.";
    if (values.keySet().stream().noneMatch(name -> name.startsWith(at))) {
      return;
    }
    read =
        count(values, at + "promptTokenCount", 0)
            + count(values, at + "toolUsePromptTokenCount", 0);
    served = count(values, at + "cachedContentTokenCount", 0);
    written =
        count(values, at + "candidatesTokenCount", 0) + count(values, at + "thoughtsTokenCount", 0);
  }

  private long count(Map<String, String> values, String name, long before) {
    OptionalDouble value = number(values, name);
    if (value.isEmpty()) {
      return before;
    }
    counted = true;
    return (long) value.getAsDouble();
  }

  private static OptionalDouble number(Map<String, String> values, String name) {
    String text = values.get(name);
    if (text == null || text.isEmpty() || !"0123456789".contains(text.substring(0, 1))) {
      return OptionalDouble.empty();
    }
    try {
      double number = Double.parseDouble(text);
      return number <= Integer.MAX_VALUE * 1e7 ? OptionalDouble.of(number) : OptionalDouble.empty();
    } catch (NumberFormatException _) {
      return OptionalDouble.empty();
    }
  }

  private void model(Map<String, String> values, String... names) {
    for (String name : names) {
      String told = values.getOrDefault(name, "");
      if (!told.isEmpty()) {
        model = told;
        return;
      }
    }
  }

  private void error(Map<String, String> values, String at) {
    StringBuilder words = new StringBuilder();
    for (String name : new String[] {"type", "code", "status", "details.reason", "message"}) {
      String word = values.getOrDefault(at + name, "null");
      if (!word.equals("null") && !word.isBlank()) {
        words.append(words.isEmpty() ? "" : ": ").append(word);
      }
    }
    if (!words.isEmpty()) {
      error = words.toString();
    }
  }
}
