package dev.outpost.functions.api.request;

import dev.outpost.edge.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tells two requests apart under one idempotency key: the SHA-256 of the request in a
 * canonical form. The order of names, explicit nulls, white space and the place of the idempotency
 * key don't matter.
 *
 * <p>It is the request as it was asked, before defaults are filled in: a new default model or
 * another tier must not make a client's honest repeat look like another request.
 */
final class PayloadHash {
  private PayloadHash() {}

  static String of(Map<?, ?> body) {
    Map<String, Object> canonical = canonical(body);
    canonical.remove(IdempotencyRule.FIELD);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(Json.text(canonical).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Map<String, Object> canonical(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach(
        (name, value) -> {
          if (value != null) {
            sorted.put(String.valueOf(name), canonical(value));
          }
        });
    return sorted;
  }

  private static Object canonical(Object value) {
    return switch (value) {
      case Map<?, ?> map -> canonical(map);
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        for (Object item : list) {
          items.add(item == null ? "null" : canonical(item));
        }
        yield items;
      }
      default -> value;
    };
  }
}
