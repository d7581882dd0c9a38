package dev.outpost.embedded;

/**
 * A transaction on an {@link EmbeddedStore}: it sees its own writes, and nobody else sees them
 * before its body has returned.
 */
public interface StoreTransaction extends StoreView {

  /** Sets the key's value. Makes the map if there is none of that name. */
  void put(String map, String key, String value);

  /** Removes the key, if it is there. */
  void remove(String map, String key);
}
