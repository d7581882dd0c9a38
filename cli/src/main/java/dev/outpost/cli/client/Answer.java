package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came back over HTTP.
 *
 * @param status the HTTP status
 * @param body the bytes
 * @param retryAfter the header of that name
 */
@SuppressWarnings("ArrayRecordComponent") // Lives for one request and is never compared.
record Answer(int status, byte[] body, Optional<String> retryAfter) {
  private static final int TOO_MANY = 429;
  private static final int UNAUTHORIZED = 401;

  /** The envelope; a gateway or another server in between may well answer something else. */
  Map<String, Object> envelope(Connection connection) {
    try {
      return JSON.std.mapFrom(body);
    } catch (IOException _) {
      throw Refusal.broken(
          "UNEXPECTED_ANSWER",
          connection + " answered " + status + " and no JSON; is it an Outpost API?");
    }
  }

  /** What the API says against the request, in its own words. */
  Refusal refusal(Map<String, Object> envelope, Connection connection) {
    Map<String, Object> error = Json.map(envelope, "error");
    String code = Json.text(error, "code").orElse("HTTP_" + status);
    String sentence =
        Json.text(error, "message")
            .or(() -> Json.text(envelope, "message"))
            .orElse(connection + " answered " + status);
    List<String> details = new ArrayList<>();
    for (Map<String, Object> one : Json.maps(Json.map(error, "details").get("errors"))) {
      String message = Json.text(one, "message").orElse("");
      details.add(Json.text(one, "path").map(path -> path + ": " + message).orElse(message));
    }
    retryAfter.ifPresent(seconds -> details.add("try again in " + seconds + " s"));
    if (status == UNAUTHORIZED) {
      details.add("the key is from --key, OUTPOST_API_KEY or the credentials file");
    }
    if (status >= 500) {
      return Refusal.broken(code, code + ": " + sentence, details.toArray(String[]::new));
    }
    return status == TOO_MANY
        ? Refusal.refusedForNow(code, sentence, details)
        : Refusal.refused(code, sentence, details);
  }
}
