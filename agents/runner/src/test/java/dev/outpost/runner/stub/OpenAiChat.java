package dev.outpost.runner.stub;

import static dev.outpost.runner.stub.Dialect.event;
import static dev.outpost.runner.stub.Dialect.map;

import java.util.List;
import java.util.Map;

/** OpenAI's Chat Completions API, which others speak too. */
final class OpenAiChat implements Dialect {
  @Override
  public int results(Map<String, Object> request) {
    return Dialect.count(request.get("messages"), "role", "tool");
  }

  @Override
  public boolean isStreamed(String path, Map<String, Object> request) {
    return Boolean.TRUE.equals(request.get("stream"));
  }

  private static Map<String, Object> message(Turn turn, int number) {
    return switch (turn) {
      case Turn.Use use ->
          map(
              "role",
              "assistant",
              "content",
              null,
              "tool_calls",
              List.of(
                  map(
                      "index",
                      0,
                      "id",
                      "call_" + number,
                      "type",
                      "function",
                      "function",
                      map("name", use.tool(), "arguments", Dialect.json(use.arguments())))));
      case Turn.Say say -> map("role", "assistant", "content", say.text());
    };
  }

  private static String finish(Turn turn) {
    return switch (turn) {
      case Turn.Use _ -> "tool_calls";
      case Turn.Say _ -> "stop";
    };
  }

  /** Its prompt counts the cached tokens, its completion the reasoning. */
  private static Map<String, Object> usage() {
    int input = StubModel.INPUT + StubModel.CACHED;
    return map(
        "prompt_tokens",
        input,
        "completion_tokens",
        StubModel.OUTPUT,
        "total_tokens",
        input + StubModel.OUTPUT,
        "prompt_tokens_details",
        map("cached_tokens", StubModel.CACHED),
        "completion_tokens_details",
        map("reasoning_tokens", StubModel.REASONING));
  }

  private static Map<String, Object> chunk(
      String model, int number, List<?> choices, Object usage) {
    return map(
        "id",
        "chatcmpl-" + number,
        "object",
        "chat.completion.chunk",
        "created",
        1_700_000_000,
        "model",
        model,
        "choices",
        choices,
        "usage",
        usage);
  }

  private static List<?> choice(Map<String, Object> delta, String finish) {
    return List.of(map("index", 0, "delta", delta, "finish_reason", finish));
  }

  @Override
  public List<String> stream(Turn turn, String model, int number) {
    return List.of(
        event("", chunk(model, number, choice(message(turn, number), null), null)),
        event("", chunk(model, number, choice(map(), finish(turn)), null)),
        event("", chunk(model, number, List.of(), usage())),
        "data: [DONE]\n\n");
  }

  @Override
  public String whole(Turn turn, String model, int number) {
    return Dialect.json(
        map(
            "id",
            "chatcmpl-" + number,
            "object",
            "chat.completion",
            "created",
            1_700_000_000,
            "model",
            model,
            "choices",
            List.of(
                map("index", 0, "message", message(turn, number), "finish_reason", finish(turn))),
            "usage",
            usage()));
  }

  @Override
  public String error(int status) {
    return errorBody(status);
  }

  static String errorBody(int status) {
    String code =
        switch (status) {
          case 401 -> "invalid_api_key";
          case 404 -> "model_not_found";
          case 429 -> "rate_limit_exceeded";
          default -> null;
        };
    String type =
        switch (status) {
          case 429 -> "requests";
          case 500, 502, 503 -> "server_error";
          default -> "invalid_request_error";
        };
    return Dialect.json(
        map(
            "error",
            map("message", StubModel.words(status), "type", type, "param", null, "code", code)));
  }
}
