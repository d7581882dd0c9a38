package dev.outpost.functions.api;

import java.util.Objects;

/**
 * A route as API Gateway must have it.
 *
 * @param key method and path, e.g. {@code GET /dispatch/{id}}
 * @param authorised whether the authoriser is asked first
 */
public record RouteKey(String key, boolean authorised) {
  /** Refuses null. */
  public RouteKey {
    Objects.requireNonNull(key, "key");
  }
}
