package dev.outpost.items;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Writes an item. What is absent leaves no attribute. For one thread. */
final class ItemWriter {
  private final Map<String, Object> item = new LinkedHashMap<>();

  ItemWriter text(String name, String value) {
    item.put(name, value);
    return this;
  }

  ItemWriter text(String name, Optional<String> value) {
    value.ifPresent(present -> item.put(name, present));
    return this;
  }

  ItemWriter number(String name, long value) {
    item.put(name, value);
    return this;
  }

  ItemWriter number(String name, OptionalInt value) {
    value.ifPresent(present -> item.put(name, (long) present));
    return this;
  }

  ItemWriter number(String name, OptionalDouble value) {
    value.ifPresent(present -> item.put(name, present));
    return this;
  }

  ItemWriter flag(String name, boolean value) {
    item.put(name, value);
    return this;
  }

  /** An instant as nanoseconds of the epoch, if there is one. */
  ItemWriter nanos(String name, Optional<Instant> value) {
    return value.isPresent() ? nanos(name, value.get()) : this;
  }

  /** An instant as nanoseconds of the epoch. */
  ItemWriter nanos(String name, Instant value) {
    item.put(name, Nanos.of(value));
    return this;
  }

  /** An instant as ISO-8601 text. */
  ItemWriter instant(String name, Instant value) {
    item.put(name, value.toString());
    return this;
  }

  ItemWriter inner(String name, Map<String, ?> value) {
    item.put(name, value);
    return this;
  }

  ItemWriter inner(String name, Optional<? extends Map<String, ?>> value) {
    value.ifPresent(present -> item.put(name, present));
    return this;
  }

  /** A list; none when it is empty. */
  ItemWriter list(String name, Collection<?> value) {
    if (!value.isEmpty()) {
      item.put(name, List.copyOf(value));
    }
    return this;
  }

  /** All of another item. */
  ItemWriter all(Map<String, Object> other) {
    item.putAll(other);
    return this;
  }

  /** The item; it can't be changed, and keeps the order of writing. */
  Map<String, Object> item() {
    return Collections.unmodifiableMap(item);
  }
}
