package dev.outpost.embedded;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Items as JSON text, which is how the store keeps them. */
final class ItemJson {
  private ItemJson() {}

  static String write(Map<String, ?> item) {
    try {
      return JSON.std.asString(item);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory cannot fail", e);
    }
  }

  static Map<String, Object> read(String json) {
    try {
      return JSON.std.mapFrom(json);
    } catch (IOException e) {
      throw new UncheckedIOException("the store holds no JSON where an item should be", e);
    }
  }
}
