package dev.outpost.edge;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearestName {
  /** How many letters may be wrong, missing, or too many. */
  private static final int MAX_DISTANCE = 2;

  /** From how many letters on a shared beginning tells enough. */
  private static final int MIN_PREFIX = 4;

  private NearestName() {}

  /** The known name that is nearest to the written one, if any is near. */
  static Optional<String> of(String written, Collection<String> known) {
    String plain = plain(written);
    Optional<String> nearest = Optional.empty();
    int least = MAX_DISTANCE + 1;
    for (String name : known) {
      String other = plain(name);
      int distance = startAlike(plain, other) ? 1 : distance(plain, other);
      if (distance < least && distance < other.length()) {
        least = distance;
        nearest = Optional.of(name);
      }
    }
    return nearest;
  }

  private static boolean startAlike(String one, String other) {
    return Math.min(one.length(), other.length()) >= MIN_PREFIX
        && (one.startsWith(other) || other.startsWith(one));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** The edit distance of Levenshtein, row by row; longer texts than names are not compared. */
  private static int distance(String one, String other) {
    if (Math.abs(one.length() - other.length()) > MAX_DISTANCE) {
      return MAX_DISTANCE + 1;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int substituted = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
