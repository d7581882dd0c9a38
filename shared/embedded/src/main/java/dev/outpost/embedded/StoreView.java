package dev.outpost.embedded;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is to be seen of an {@link EmbeddedStore}'s maps: named maps of strings, sorted by {@link
 * String#compareTo}. A map exists as soon as it is written to; one that was never written to is
 * empty. Of use only while the body runs that was given it, and only to that body's thread.
 */
public interface StoreView {

  /** The value of the key, or empty. */
  Optional<String> get(String map, String key);

  /**
   * The entries whose keys begin with the prefix, upwards.
   *
   * @param prefix may be empty: then all keys count
   * @param from no key below this one; may be empty
   * @return read as far as it is consumed
   */
  Stream<Entry> ascending(String map, String prefix, String from);

  /**
   * The entries whose keys begin with the prefix, downwards.
   *
   * @param prefix may be empty: then all keys count
   * @param from no key above this one
   * @return read as far as it is consumed
   */
  Stream<Entry> descending(String map, String prefix, String from);

  /** The entries whose keys begin with the prefix, upwards. */
  default Stream<Entry> ascending(String map, String prefix) {
    return ascending(map, prefix, prefix);
  }

  /** The entries whose keys begin with the prefix, downwards. */
  Stream<Entry> descending(String map, String prefix);

  /**
   * A key and its value.
   *
   * @param key the key, with its prefix
   * @param value the value
   */
  record Entry(String key, String value) {}
}
