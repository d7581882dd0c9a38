package dev.outpost.edge;

import java.util.Objects;

/**
 * One mistake in a request.
 *
 * @param path where: a field such as {@code resourceConstraints.maxDiskGb}, a query parameter, or
 *     empty for the whole
 * @param message what is wrong and how to mend it
 */
public record FieldError(String path, String message) {
  /** Refuses nulls. */
  public FieldError {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(message, "message");
  }
}
