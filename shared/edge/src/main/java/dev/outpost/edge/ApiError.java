package dev.outpost.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An error as a client hears it.
 *
 * @param code what kind
 * @param message a sentence for a person; never a secret, never a stack trace
 * @param details more for a program; empty for none
 * @param headers headers that belong to the answer
 */
public record ApiError(
    ErrorCode code, String message, Map<String, Object> details, Map<String, String> headers) {
  /** Copies the maps. */
  public ApiError {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    details = Map.copyOf(details);
    headers = Map.copyOf(headers);
  }

  /** An error of a sentence alone. */
  public ApiError(ErrorCode code, String message) {
    this(code, message, Map.of(), Map.of());
  }

  /** All mistakes of a request at once. */
  public static ApiError validation(List<FieldError> mistakes) {
    List<Map<String, String>> errors = new ArrayList<>();
    for (FieldError mistake : mistakes) {
      errors.add(Map.of("path", mistake.path(), "message", mistake.message()));
    }
    String message =
        mistakes.size() == 1
            ? "The request is not valid: " + sentence(mistakes.getFirst())
            : "The request is not valid in " + mistakes.size() + " places; see details.errors.";
    return new ApiError(
        ErrorCode.VALIDATION_ERROR, message, Map.of("errors", List.copyOf(errors)), Map.of());
  }

  /** The one mistake of a request. */
  public static ApiError validation(String path, String message) {
    return validation(List.of(new FieldError(path, message)));
  }

  /** The method is not one of the path's. */
  public static ApiError methodNotAllowed(String allowed) {
    return new ApiError(
        ErrorCode.METHOD_NOT_ALLOWED,
        "This path knows the methods " + allowed + ".",
        Map.of(),
        Map.of("Allow", allowed));
  }

  /**
   * The tenant's day has not room for what was asked for.
   *
   * @param limit dispatches a day
   * @param left how many of them are left
   * @param resetsAt when the next day begins
   */
  public static ApiError dayUsedUp(int limit, int left, Instant resetsAt, Instant now) {
    long seconds = Math.max(1, Duration.between(now, resetsAt).toSeconds() + 1);
    String used =
        left == 0
            ? "All " + limit + " dispatches of this UTC day are used"
            : "Of the "
                + limit
                + " dispatches of this UTC day "
                + left
                + (left == 1 ? " is" : " are")
                + " left, and this request makes more";
    return new ApiError(
        ErrorCode.QUOTA_EXCEEDED,
        used + "; the next day begins at " + resetsAt + ".",
        Map.of("limit", limit, "remaining", left, "resetsAt", WireTime.of(resetsAt)),
        Map.of(
            "Retry-After",
            Long.toString(seconds),
            "RateLimit-Limit",
            Integer.toString(limit),
            "RateLimit-Remaining",
            Integer.toString(left),
            "RateLimit-Reset",
            Long.toString(seconds)));
  }

  private static String sentence(FieldError mistake) {
    String text =
        mistake.path().isEmpty() ? mistake.message() : mistake.path() + " " + mistake.message();
    return text.endsWith(".") ? text : text + ".";
  }
}
