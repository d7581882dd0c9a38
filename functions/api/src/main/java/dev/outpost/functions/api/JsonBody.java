package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.Body;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.HttpRequest;
import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import dev.outpost.edge.Refused;
import java.util.Map;

/** The body of a request as a JSON object of bounded size. */
final class JsonBody {
  /** Largest body, in bytes after decoding: the longest task in any script fits, escaped too. */
  static final int MAX_BYTES = 256 * 1024;

  private JsonBody() {}

  /**
   * The object that the request must have.
   *
   * @throws Refused when the body is too large or is no JSON object
   */
  static Map<?, ?> of(HttpRequest request) throws Refused {
    Body body = request.body();
    if (body.size() > MAX_BYTES) {
      throw new Refused(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "The body has " + body.size() + " bytes; at most " + MAX_BYTES + " are accepted.");
    }
    try {
      return Json.object(body.text());
    } catch (MalformedJson e) {
      throw new Refused(
          ApiError.validation("", "The body must be one JSON object: " + e.getMessage()));
    }
  }

  /**
   * For a request that has nothing to say.
   *
   * @throws Refused when it says something
   */
  static void none(HttpRequest request) throws Refused {
    if (!optional(request).isEmpty()) {
      throw new Refused(ApiError.validation("", "The body must be left out, or be {}"));
    }
  }

  /**
   * The object that the request may have.
   *
   * @throws Refused when there is a body that is too large or no JSON object
   */
  static Map<?, ?> optional(HttpRequest request) throws Refused {
    return request.body().isEmpty() ? Map.of() : of(request);
  }
}
