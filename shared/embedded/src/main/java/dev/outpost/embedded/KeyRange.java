package dev.outpost.embedded;

import java.util.Optional;

/**
 * The keys that begin with a prefix, from one key on.
 *
 * @param prefix what they begin with
 * @param from the least key (upwards) or the greatest (downwards); empty for the range's end
 * @param descending whether they are wanted downwards
 */
record KeyRange(String prefix, Optional<String> from, boolean descending) {

  /** The key to start at, which need not exist; empty for the map's own end. */
  Optional<String> start() {
    if (descending) {
      return Optional.ofNullable(least(from.orElse(null), past()));
    }
    return Optional.of(from.isPresent() && from.get().compareTo(prefix) > 0 ? from.get() : prefix);
  }

  /** Whether the key is before the range in the wanted direction: only {@link #past} can be. */
  boolean isBefore(String key) {
    return descending && !key.startsWith(prefix) && key.compareTo(prefix) > 0;
  }

  boolean contains(String key) {
    return key.startsWith(prefix);
  }

  /** The least key above all that begin with the prefix; null when nothing is above them. */
  private String past() {
    for (int end = prefix.length(); end > 0; end--) {
      char last = prefix.charAt(end - 1);
      if (last != Character.MAX_VALUE) {
        return prefix.substring(0, end - 1) + (char) (last + 1);
      }
    }
    return null;
  }

  private static String least(String a, String b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) < 0 ? a : b;
  }
}
