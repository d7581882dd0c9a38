package dev.outpost.edge;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * An answer as API Gateway's HTTP APIs want it from a function (payload format 2.0).
 *
 * @param status the HTTP status
 * @param headers the headers, each of one value
 * @param body the body's text
 */
public record HttpResponse(int status, Map<String, String> headers, String body) {
  /** Copies the headers. */
  public HttpResponse {
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }

  /**
   * Writes the answer; does not close the stream.
   *
   * @throws IOException when the stream can't be written
   */
  public void writeTo(OutputStream stream) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("statusCode", status);
    answer.put("headers", headers);
    answer.put("body", body);
    answer.put("isBase64Encoded", false);
    stream.write(Json.text(answer).getBytes(StandardCharsets.UTF_8));
  }
}
