package dev.outpost.functions.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the next part of a listing begins, as clients carry it: opaque, so that none relies on it.
 */
final class Cursor {
  private Cursor() {}

  /** The cursor that continues after what has that id. */
  static String after(String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(id.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * After what the query's {@code cursor} continues; one that is none of ours is a mistake.
   *
   * @param parse answers empty for a text that is no id of the kind that is listed
   */
  static <T> Optional<T> read(Query query, Function<String, Optional<T>> parse) {
    return query.read(
        "cursor",
        text -> id(text).flatMap(parse),
        "must be a nextCursor of an earlier answer, unchanged");
  }

  private static Optional<String> id(String text) {
    try {
      return Optional.of(
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
