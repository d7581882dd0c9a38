package dev.outpost.runner.output;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agent's error means: by the HTTP status where there is one, then by its type's name. */
public final class ModelFault {
  private static final Pattern STATUS =
      Pattern.compile(
          "(?:status(?: code)?|api error|unauthorized|error code|\"code\"|http)\\W{0,3}\\s?([45]\\d\\d)\\b",
          Pattern.CASE_INSENSITIVE);

  private record Words(Cause cause, List<String> words) {}

  /** Names of error types at the providers; not prose. */
  private static final List<Words> TYPES =
      List.of(
          new Words(
              Cause.MODEL_AUTH,
              List.of(
                  "authentication_error",
                  "permission_error",
                  "invalid_api_key",
                  "api_key_invalid",
                  "unauthenticated",
                  "permission_denied")),
          new Words(
              Cause.RATE_LIMITED,
              List.of(
                  "rate_limit_error",
                  "rate_limit_exceeded",
                  "resource_exhausted",
                  "insufficient_quota")),
          new Words(Cause.MODEL_OVERLOADED, List.of("overloaded_error", "server_is_overloaded")),
          new Words(Cause.MODEL_NOT_FOUND, List.of("model_not_found", "not_found_error")));

  private ModelFault() {}

  /**
   * The failure that an error is.
   *
   * @param status a status from a field of its own
   * @param message the agent's words, in which a status is looked for when there is no field
   */
  public static Failure of(OptionalInt status, String message) {
    String words = message.isBlank() ? "the agent failed without a word" : message.strip();
    if (status.isPresent() && isError(status.getAsInt())) {
      return new Failure(ofStatus(status.getAsInt()), words);
    }
    Matcher matcher = STATUS.matcher(message);
    if (matcher.find()) {
      return new Failure(ofStatus(Integer.parseInt(matcher.group(1))), words);
    }
    String lower = message.toLowerCase(Locale.ROOT);
    for (Words type : TYPES) {
      if (type.words().stream().anyMatch(lower::contains)) {
        return new Failure(type.cause(), words);
      }
    }
    return new Failure(Cause.AGENT_ERROR, words);
  }

  private static boolean isError(int status) {
    return status >= 400 && status < 600;
  }

  private static Cause ofStatus(int status) {
    return switch (status) {
      case 401, 402, 403 -> Cause.MODEL_AUTH;
      case 404 -> Cause.MODEL_NOT_FOUND;
      case 429 -> Cause.RATE_LIMITED;
      default -> status >= 500 ? Cause.MODEL_OVERLOADED : Cause.AGENT_ERROR;
    };
  }
}
