package dev.outpost.functions.api.request;

import dev.outpost.edge.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A field that must be one of a few words: the constants of an enum in lower case. */
final class Choice {
  private Choice() {}

  static <E extends Enum<E>> Optional<E> read(Fields fields, String name, E[] constants) {
    Optional<String> word = fields.text(name);
    if (word.isEmpty()) {
      return Optional.empty();
    }
    List<String> known = new ArrayList<>();
    for (E constant : constants) {
      String wire = constant.name().toLowerCase(Locale.ROOT);
      if (wire.equals(word.get())) {
        return Optional.of(constant);
      }
      known.add(wire);
    }
    fields.wrong(name, "must be one of " + String.join(", ", known));
    return Optional.empty();
  }
}
