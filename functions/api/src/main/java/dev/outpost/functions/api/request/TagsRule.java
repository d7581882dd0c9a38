package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;
import java.util.HashMap;
import java.util.Map;

/**
 * The client's own labels: an object of at most {@value #MAX} names with their values. (A list of
 * words is refused: it would leave open what their values are.)
 */
final class TagsRule {
  private static final int MAX = 20;
  private static final int MAX_NAME = 64;
  private static final int MAX_VALUE = 256;
  private static final String NAME = "tags";

  private TagsRule() {}

  static Map<String, String> read(Fields fields) {
    Map<?, ?> given = fields.map(NAME).orElse(Map.of());
    Map<String, String> tags = new HashMap<>();
    given.forEach(
        (key, value) -> {
          if (value != null) {
            read(fields, String.valueOf(key), value, tags);
          }
        });
    if (given.size() > MAX) {
      fields.wrong(NAME, "must have at most " + MAX + " entries; it has " + given.size());
    }
    return tags;
  }

  private static void read(Fields fields, String key, Object value, Map<String, String> tags) {
    if (key.isEmpty() || PlainText.length(key) > MAX_NAME) {
      fields.wrong(NAME, "must have names of 1 to " + MAX_NAME + " characters");
      return;
    }
    String path = NAME + "." + key;
    PlainText.lineFlaw(key).ifPresent(flaw -> fields.wrong(NAME, "has a name that " + flaw));
    if (!(value instanceof String text)) {
      fields.wrong(path, "must be a string, such as {\"team\": \"web\"}");
      return;
    }
    if (PlainText.length(text) > MAX_VALUE) {
      fields.wrong(path, "must have at most " + MAX_VALUE + " characters");
    }
    PlainText.lineFlaw(text).ifPresent(flaw -> fields.wrong(path, flaw));
    tags.put(key, text);
  }
}
