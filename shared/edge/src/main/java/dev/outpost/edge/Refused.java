package dev.outpost.edge;

import java.util.Objects;

/** A request is refused, and its client is to hear why. */
public final class Refused extends Exception {
  private final transient ApiError error;

  /** Refuses with that error. */
  public Refused(ApiError error) {
    // No stack trace: this is an answer, not a fault.
    super(error.message(), null, false, false);
    this.error = Objects.requireNonNull(error, "error");
  }

  /** Refuses with an error of a sentence alone. */
  public Refused(ErrorCode code, String message) {
    this(new ApiError(code, message));
  }

  /** What the client hears. */
  public ApiError error() {
    return error;
  }
}
