package dev.outpost.functions.api;

import dev.outpost.dispatch.DispatchId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the next part of a listing begins, as clients carry it: opaque, so that none relies on it.
 */
final class Cursor {
  private Cursor() {}

  /** The cursor that continues after that dispatch. */
  static String after(DispatchId id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(id.value().getBytes(StandardCharsets.US_ASCII));
  }

  /** Where that cursor continues, or empty when it is none of ours. */
  static Optional<DispatchId> parse(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      return DispatchId.parse(new String(bytes, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
