package dev.outpost.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a meta-schema does not ask: that references stay within the schema and lead somewhere, and
 * that patterns are regular expressions. For one thread.
 */
final class References {
  /** What they hold is data, whatever it looks like. */
  private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  private static final Set<String> POINTING = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  private final Map<?, ?> root;
  private final List<OutputSchema.Flaw> flaws = new ArrayList<>();

  References(Map<?, ?> root) {
    this.root = root;
  }

  List<OutputSchema.Flaw> flaws() {
    look(root, "");
    return flaws;
  }

  private void look(Object value, String place) {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        look(list.get(i), place + "/" + i);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, field) -> look(String.valueOf(name), field, place + "/" + name));
    }
  }

  private void look(String name, Object value, String place) {
    if (value instanceof String text) {
      if (POINTING.contains(name)) {
        reference(text, place);
      } else if (name.equals("pattern")) {
        pattern(text, place);
      } else if (name.equals("$id") && !place.equals("/$id")) {
        flaws.add(new OutputSchema.Flaw(place, "must be left out: only the whole may have an $id"));
      }
    } else if (name.equals("patternProperties") && value instanceof Map<?, ?> patterns) {
      patterns.forEach((key, schema) -> pattern(String.valueOf(key), place + "/" + key));
      look(value, place);
    } else if (!DATA.contains(name) || value instanceof Map<?, ?>) {
      look(value, place);
    }
  }

  private void reference(String to, String place) {
    if (!to.startsWith("#")) {
      flaws.add(
          new OutputSchema.Flaw(
              place,
              "must begin with #: nothing is fetched, a schema must hold what it refers to"));
    } else if (to.startsWith("#/") && !leadsSomewhere(to.substring(2))) {
      flaws.add(new OutputSchema.Flaw(place, "refers to " + to + ", which is not there"));
    }
  }

  private boolean leadsSomewhere(String pointer) {
    Object at = root;
    for (String part : pointer.split("/", -1)) {
      String name = part.replace("~1", "/").replace("~0", "~").replace("%25", "%");
      at =
          switch (at) {
            case Map<?, ?> map -> map.get(name);
            case List<?> list -> element(list, name);
            default -> null;
          };
      if (at == null) {
        return false;
      }
    }
    return true;
  }

  private static Object element(List<?> list, String name) {
    try {
      int index = Integer.parseInt(name);
      return index >= 0 && index < list.size() ? list.get(index) : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private void pattern(String text, String place) {
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      flaws.add(new OutputSchema.Flaw(place, "is no regular expression: " + e.getDescription()));
    }
  }
}
