package dev.outpost.runner.stub;

import static dev.outpost.runner.stub.Dialect.map;

import java.util.List;
import java.util.Map;

/** Gemini's generateContent and streamGenerateContent. */
final class GeminiContents implements Dialect {
  @Override
  public int results(Map<String, Object> request) {
    return responses(request.get("contents"));
  }

  private static int responses(Object value) {
    return switch (value) {
      case List<?> list -> list.stream().mapToInt(GeminiContents::responses).sum();
      case Map<?, ?> map -> map.containsKey("functionResponse") ? 1 : responses(map.get("parts"));
      case null, default -> 0;
    };
  }

  @Override
  public boolean isStreamed(String path, Map<String, Object> request) {
    return path.endsWith(":streamGenerateContent");
  }

  @Override
  public String model(String path, Map<String, Object> request) {
    return path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf(':'));
  }

  private static Map<String, Object> chunk(
      Turn turn, String model, int number, boolean last, boolean text) {
    Map<String, Object> part =
        switch (turn) {
          case Turn.Use use ->
              map("functionCall", map("name", use.tool(), "args", use.arguments()));
          case Turn.Say say -> map("text", text ? say.text() : "");
        };
    Map<String, Object> candidate =
        map("content", map("role", "model", "parts", text ? List.of(part) : List.of()), "index", 0);
    if (last) {
      candidate.put("finishReason", "STOP");
    }
    return map(
        "candidates",
        List.of(candidate),
        "usageMetadata",
        usage(),
        "modelVersion",
        model,
        "responseId",
        "response-" + number);
  }

  /** Its prompt counts the cached tokens, its candidates do not count the thoughts. */
  private static Map<String, Object> usage() {
    int input = StubModel.INPUT + StubModel.CACHED;
    return map(
        "promptTokenCount",
        input,
        "cachedContentTokenCount",
        StubModel.CACHED,
        "candidatesTokenCount",
        StubModel.OUTPUT - StubModel.REASONING,
        "thoughtsTokenCount",
        StubModel.REASONING,
        "totalTokenCount",
        input + StubModel.OUTPUT);
  }

  @Override
  public List<String> stream(Turn turn, String model, int number) {
    return List.of(
        Dialect.event("", chunk(turn, model, number, false, true)),
        Dialect.event("", chunk(turn, model, number, true, false)));
  }

  @Override
  public String whole(Turn turn, String model, int number) {
    return Dialect.json(chunk(turn, model, number, true, true));
  }

  @Override
  public String error(int status) {
    String word =
        switch (status) {
          case 400 -> "INVALID_ARGUMENT";
          case 401 -> "UNAUTHENTICATED";
          case 403 -> "PERMISSION_DENIED";
          case 404 -> "NOT_FOUND";
          case 429 -> "RESOURCE_EXHAUSTED";
          case 503 -> "UNAVAILABLE";
          default -> "INTERNAL";
        };
    return Dialect.json(
        map("error", map("code", status, "message", StubModel.words(status), "status", word)));
  }
}
