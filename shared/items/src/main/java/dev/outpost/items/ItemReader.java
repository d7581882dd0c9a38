package dev.outpost.items;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads an item; names the attribute that is missing or of another type.
 *
 * <p>Numbers may come as any {@link Number} and sets as any collection: JSON and DynamoDB don't
 * tell more.
 */
record ItemReader(Map<?, ?> item) {
  /** Refuses null. */
  ItemReader {
    Objects.requireNonNull(item, "item");
  }

  String text(String name) {
    return maybeText(name).orElseThrow(() -> missing(name));
  }

  Optional<String> maybeText(String name) {
    return Optional.ofNullable(get(name, String.class));
  }

  long number(String name) {
    Number number = get(name, Number.class);
    if (number == null) {
      throw missing(name);
    }
    return number.longValue();
  }

  OptionalInt maybeInt(String name) {
    Number number = get(name, Number.class);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number.intValue());
  }

  OptionalLong maybeLong(String name) {
    Number number = get(name, Number.class);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number.longValue());
  }

  OptionalDouble maybeDouble(String name) {
    Number number = get(name, Number.class);
    return number == null ? OptionalDouble.empty() : OptionalDouble.of(number.doubleValue());
  }

  boolean flag(String name) {
    Boolean flag = get(name, Boolean.class);
    if (flag == null) {
      throw missing(name);
    }
    return flag;
  }

  /** An instant kept as nanoseconds of the epoch, if it is there. */
  Optional<Instant> maybeNanos(String name) {
    return item.containsKey(name) ? Optional.of(nanos(name)) : Optional.empty();
  }

  /** An instant kept as nanoseconds of the epoch. */
  Instant nanos(String name) {
    return Nanos.instant(number(name));
  }

  /** An instant kept as ISO-8601 text. */
  Instant instant(String name) {
    return maybeInstant(name).orElseThrow(() -> missing(name));
  }

  Optional<Instant> maybeInstant(String name) {
    try {
      return maybeText(name).map(Instant::parse);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("attribute " + name + " is no instant", e);
    }
  }

  ItemReader inner(String name) {
    return maybeInner(name).orElseThrow(() -> missing(name));
  }

  Optional<ItemReader> maybeInner(String name) {
    Map<?, ?> inner = get(name, Map.class);
    return Optional.ofNullable(inner).map(ItemReader::new);
  }

  /** The inner items of a list; empty where there is none. */
  List<ItemReader> inners(String name) {
    List<ItemReader> inners = new ArrayList<>();
    for (Object element : elements(name)) {
      inners.add(new ItemReader(cast(name, element, Map.class)));
    }
    return inners;
  }

  /** The strings of a list or set; empty where there is none. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : elements(name)) {
      texts.add(cast(name, element, String.class));
    }
    return texts;
  }

  /** The strings of an inner item; empty where there is none. */
  Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<?, ?> map = get(name, Map.class);
    if (map != null) {
      map.forEach((key, value) -> texts.put((String) key, cast(name, value, String.class)));
    }
    return texts;
  }

  /** The value that the attribute's word names, by the type's own lookup. */
  <T> T word(String name, Function<String, Optional<T>> lookup) {
    String word = text(name);
    return lookup
        .apply(word)
        .orElseThrow(
            () -> new IllegalArgumentException("attribute " + name + " says \"" + word + "\""));
  }

  private Collection<?> elements(String name) {
    Collection<?> elements = get(name, Collection.class);
    return elements == null ? List.of() : elements;
  }

  private <T> T get(String name, Class<T> type) {
    Object value = item.get(name);
    return value == null ? null : cast(name, value, type);
  }

  private static <T> T cast(String name, Object value, Class<T> type) {
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "attribute " + name + " is no " + type.getSimpleName().toLowerCase(Locale.ROOT));
    }
    return type.cast(value);
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException("attribute " + name + " is missing");
  }
}
