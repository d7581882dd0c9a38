package dev.outpost.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Typed reading of one JSON object that somebody else wrote: every mistake is noted, none is
 * thrown, so that all are told at once. An explicit {@code null} means absent. Not safe for use by
 * several threads.
 */
public final class Fields {
  private static final int MAX_ECHO = 64;

  /** Unknown names told of at most: an answer must not grow with its request. */
  private static final int MAX_UNKNOWN = 50;

  private final Map<?, ?> values;
  private final String prefix;
  private final List<FieldError> mistakes;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * Reads an object.
   *
   * @param mistakes the list to which mistakes are added
   */
  public Fields(Map<?, ?> values, List<FieldError> mistakes) {
    this(values, "", mistakes);
  }

  private Fields(Map<?, ?> values, String prefix, List<FieldError> mistakes) {
    this.values = Objects.requireNonNull(values, "values");
    this.prefix = prefix;
    this.mistakes = Objects.requireNonNull(mistakes, "mistakes");
  }

  /** An object in a list, which its place names. */
  public Fields at(String place, Map<?, ?> object) {
    return new Fields(object, prefix + place + ".", mistakes);
  }

  /** Notes a mistake at a field. */
  public void wrong(String name, String message) {
    mistakes.add(new FieldError(prefix + name, message));
  }

  /** How many mistakes are noted so far. */
  public int mistakes() {
    return mistakes.size();
  }

  /** Whether the field is there at all, of whatever type. */
  public boolean has(String name) {
    known.add(name);
    return values.get(name) != null;
  }

  /** Whether the field is a list, for one that may also be something else. */
  public boolean isList(String name) {
    return value(name) instanceof List<?>;
  }

  /** Whether the field is a string, for one that may also be something else. */
  public boolean isText(String name) {
    return value(name) instanceof String;
  }

  /** A field that must be a string where it is there. */
  public Optional<String> text(String name) {
    if (value(name) instanceof String text) {
      return Optional.of(text);
    }
    return wrongType(name, "a string");
  }

  /** A field that must be a whole number where it is there. */
  public OptionalInt integer(String name) {
    switch (value(name)) {
      case Integer number -> {
        return OptionalInt.of(number);
      }
      case Number number when !(number instanceof Double) && !(number instanceof Float) ->
          wrong(name, "is out of range");
      case null, default -> wrongType(name, "a whole number");
    }
    return OptionalInt.empty();
  }

  /** A field that must be a number, whole or not, where it is there. */
  public OptionalDouble decimal(String name) {
    if (value(name) instanceof Number number) {
      return OptionalDouble.of(number.doubleValue());
    }
    wrongType(name, "a number");
    return OptionalDouble.empty();
  }

  /** A field that must be true or false where it is there. */
  public Optional<Boolean> flag(String name) {
    if (value(name) instanceof Boolean flag) {
      return Optional.of(flag);
    }
    return wrongType(name, "true or false");
  }

  /** A field that must be a list where it is there. */
  public Optional<List<?>> list(String name) {
    if (value(name) instanceof List<?> list) {
      return Optional.of(list);
    }
    return wrongType(name, "a list");
  }

  /** A field that must be an object where it is there. */
  public Optional<Map<?, ?>> map(String name) {
    if (value(name) instanceof Map<?, ?> map) {
      return Optional.of(map);
    }
    return wrongType(name, "an object");
  }

  /** A field that must be an object where it is there, to be read in turn. */
  public Optional<Fields> object(String name) {
    return map(name).map(map -> at(name, map));
  }

  /** Notes every field that nobody asked for; to be called when all known ones were. */
  public void refuseUnknown() {
    int told = 0;
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (entry.getValue() != null && !known.contains(name) && told++ < MAX_UNKNOWN) {
        wrong(
            shortened(name),
            NearestName.of(shortened(name), known)
                .map(nearest -> "is not known; did you mean " + nearest + "?")
                .orElse("is not known; known are " + String.join(", ", known)));
      }
    }
  }

  private Object value(String name) {
    known.add(name);
    return values.get(name);
  }

  private <T> Optional<T> wrongType(String name, String wanted) {
    Object value = values.get(name);
    if (value != null) {
      wrong(name, "must be " + wanted + ", not " + type(value));
    }
    return Optional.empty();
  }

  private static String type(Object value) {
    return switch (value) {
      case String _ -> "a string";
      case Boolean _ -> "true or false";
      case Double _ -> "a fraction";
      case Number _ -> "a number";
      case List<?> _ -> "a list";
      default -> "an object";
    };
  }

  /** A name of any length is not to be sent back in whole. */
  private static String shortened(String name) {
    return name.length() <= MAX_ECHO ? name : name.substring(0, MAX_ECHO) + "…";
  }
}
