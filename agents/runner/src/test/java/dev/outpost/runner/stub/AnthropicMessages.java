package dev.outpost.runner.stub;

import static dev.outpost.runner.stub.Dialect.event;
import static dev.outpost.runner.stub.Dialect.map;

import java.util.List;
import java.util.Map;

/** Anthropic's Messages API. */
final class AnthropicMessages implements Dialect {
  @Override
  public int results(Map<String, Object> request) {
    return Dialect.count(request.get("messages"), "type", "tool_result");
  }

  @Override
  public boolean isStreamed(String path, Map<String, Object> request) {
    return Boolean.TRUE.equals(request.get("stream"));
  }

  private static Map<String, Object> usage(int output) {
    return map(
        "input_tokens",
        StubModel.INPUT,
        "cache_creation_input_tokens",
        0,
        "cache_read_input_tokens",
        StubModel.CACHED,
        "output_tokens",
        output);
  }

  private static Map<String, Object> message(
      String model, int number, List<?> content, String stop, int output) {
    return map(
        "id",
        "msg_" + number,
        "type",
        "message",
        "role",
        "assistant",
        "model",
        model,
        "content",
        content,
        "stop_reason",
        stop,
        "stop_sequence",
        null,
        "usage",
        usage(output));
  }

  private static String stopReason(Turn turn) {
    return switch (turn) {
      case Turn.Use _ -> "tool_use";
      case Turn.Say _ -> "end_turn";
    };
  }

  @Override
  public List<String> stream(Turn turn, String model, int number) {
    Map<String, Object> block =
        switch (turn) {
          case Turn.Use use ->
              map(
                  "type",
                  "tool_use",
                  "id",
                  "toolu_" + number,
                  "name",
                  use.tool(),
                  "input",
                  Map.of());
          case Turn.Say _ -> map("type", "text", "text", "");
        };
    Map<String, Object> delta =
        switch (turn) {
          case Turn.Use use ->
              map("type", "input_json_delta", "partial_json", Dialect.json(use.arguments()));
          case Turn.Say say -> map("type", "text_delta", "text", say.text());
        };
    return List.of(
        event(
            "message_start",
            map("type", "message_start", "message", message(model, number, List.of(), null, 1))),
        event(
            "content_block_start",
            map("type", "content_block_start", "index", 0, "content_block", block)),
        event(
            "content_block_delta", map("type", "content_block_delta", "index", 0, "delta", delta)),
        event("content_block_stop", map("type", "content_block_stop", "index", 0)),
        event(
            "message_delta",
            map(
                "type",
                "message_delta",
                "delta",
                map("stop_reason", stopReason(turn), "stop_sequence", null),
                "usage",
                usage(StubModel.OUTPUT))),
        event("message_stop", map("type", "message_stop")));
  }

  @Override
  public String whole(Turn turn, String model, int number) {
    Map<String, Object> block =
        switch (turn) {
          case Turn.Use use ->
              map(
                  "type",
                  "tool_use",
                  "id",
                  "toolu_" + number,
                  "name",
                  use.tool(),
                  "input",
                  use.arguments());
          case Turn.Say say -> map("type", "text", "text", say.text());
        };
    return Dialect.json(message(model, number, List.of(block), stopReason(turn), StubModel.OUTPUT));
  }

  @Override
  public String error(int status) {
    String type =
        switch (status) {
          case 400 -> "invalid_request_error";
          case 401 -> "authentication_error";
          case 403 -> "permission_error";
          case 404 -> "not_found_error";
          case 429 -> "rate_limit_error";
          case 529 -> "overloaded_error";
          default -> "api_error";
        };
    return Dialect.json(
        map("type", "error", "error", map("type", type, "message", StubModel.words(status))));
  }
}
