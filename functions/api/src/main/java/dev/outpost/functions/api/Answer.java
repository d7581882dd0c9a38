package dev.outpost.functions.api;

import java.util.Map;
import java.util.Objects;

/**
 * A success, before it goes into the envelope.
 *
 * @param status the HTTP status
 * @param data the data, in the order in which clients are to see it; may hold nulls
 * @param headers headers that belong to it
 */
record Answer(int status, Map<String, ?> data, Map<String, String> headers) {
  /** Copies the headers. */
  Answer {
    Objects.requireNonNull(data, "data");
    headers = Map.copyOf(headers);
  }

  /** A 200 without headers of its own. */
  static Answer ok(Map<String, ?> data) {
    return new Answer(200, data, Map.of());
  }
}
