package dev.outpost.functions.api;

import dev.outpost.edge.HttpResponse;
import java.util.Objects;

/**
 * What came of a request.
 *
 * @param response what the client gets
 * @param line what the log gets
 */
record Answered(HttpResponse response, String line) {
  /** Refuses nulls. */
  Answered {
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(line, "line");
  }
}
