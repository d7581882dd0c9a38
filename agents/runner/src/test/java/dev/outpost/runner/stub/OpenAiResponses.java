package dev.outpost.runner.stub;

import static dev.outpost.runner.stub.Dialect.event;
import static dev.outpost.runner.stub.Dialect.map;

import java.util.List;
import java.util.Map;

/** OpenAI's Responses API. */
final class OpenAiResponses implements Dialect {
  @Override
  public int results(Map<String, Object> request) {
    return Dialect.count(request.get("input"), "type", "function_call_output");
  }

  @Override
  public boolean isStreamed(String path, Map<String, Object> request) {
    return Boolean.TRUE.equals(request.get("stream"));
  }

  private static Map<String, Object> item(Turn turn, int number) {
    return switch (turn) {
      case Turn.Use use ->
          map(
              "type",
              "function_call",
              "id",
              "fc_" + number,
              "call_id",
              "call_" + number,
              "name",
              use.tool(),
              "arguments",
              Dialect.json(use.arguments()),
              "status",
              "completed");
      case Turn.Say say ->
          map(
              "type",
              "message",
              "id",
              "msg_" + number,
              "role",
              "assistant",
              "status",
              "completed",
              "content",
              List.of(map("type", "output_text", "text", say.text(), "annotations", List.of())));
    };
  }

  private static Map<String, Object> response(
      String model, int number, String status, List<?> output, Object usage) {
    return map(
        "id",
        "resp_" + number,
        "object",
        "response",
        "status",
        status,
        "model",
        model,
        "output",
        output,
        "usage",
        usage);
  }

  /** Its input counts the cached tokens, its output the reasoning. */
  private static Map<String, Object> usage() {
    int input = StubModel.INPUT + StubModel.CACHED;
    return map(
        "input_tokens",
        input,
        "input_tokens_details",
        map("cached_tokens", StubModel.CACHED),
        "output_tokens",
        StubModel.OUTPUT,
        "output_tokens_details",
        map("reasoning_tokens", StubModel.REASONING),
        "total_tokens",
        input + StubModel.OUTPUT);
  }

  @Override
  public List<String> stream(Turn turn, String model, int number) {
    Map<String, Object> item = item(turn, number);
    return List.of(
        event(
            "response.created",
            map(
                "type",
                "response.created",
                "response",
                response(model, number, "in_progress", List.of(), null))),
        event(
            "response.output_item.added",
            map("type", "response.output_item.added", "output_index", 0, "item", item)),
        event(
            "response.output_item.done",
            map("type", "response.output_item.done", "output_index", 0, "item", item)),
        event(
            "response.completed",
            map(
                "type",
                "response.completed",
                "response",
                response(model, number, "completed", List.of(item), usage()))));
  }

  @Override
  public String whole(Turn turn, String model, int number) {
    return Dialect.json(response(model, number, "completed", List.of(item(turn, number)), usage()));
  }

  @Override
  public String error(int status) {
    return OpenAiChat.errorBody(status);
  }
}
