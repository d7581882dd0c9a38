package dev.outpost.runner.scrub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds known strings in a text by 4-character grams of theirs. Immutable; safe for use by many
 * threads.
 */
final class Literals {
  private static final int STEP = 8;

  /** A shorter piece of a dense form is not recognised. */
  static final int SHORTEST_PIECE = STEP + 4;

  private static final int SHORTEST_HEX_PIECE = 24;
  private static final int LEAST_VARIETY = 6;

  private final Map<Integer, List<Place>> places = new HashMap<>();
  private int longest;

  /** Where a gram stands in a form. */
  private record Place(String form, int offset, boolean dense) {}

  /** The forms, whose grams go into the filter. */
  Literals(SecretForms forms, GramFilter filter) {
    forms.whole().forEach(form -> index(form, 0, false, filter));
    for (String form : forms.dense()) {
      for (int offset = 0; offset + 4 <= form.length(); offset += STEP) {
        index(form, offset, true, filter);
      }
    }
  }

  private void index(String form, int offset, boolean dense, GramFilter filter) {
    if (form.length() < offset + 4) {
      return;
    }
    filter.add(GramFilter.gram(form, offset));
    places
        .computeIfAbsent(gram(form, offset), _ -> new ArrayList<>())
        .add(new Place(form, offset, dense));
    longest = Math.max(longest, form.length());
  }

  private static int gram(String text, int at) {
    return (GramFilter.gram(text, at) << 8) | (text.charAt(at + 3) & 0xff);
  }

  /** Length of the longest form in characters. */
  int longest() {
    return longest;
  }

  /** Adds what is found around the gram that begins at {@code at}. */
  void find(String text, int at, List<Span> found) {
    if (at + 4 > text.length()) {
      return;
    }
    for (Place place : places.getOrDefault(gram(text, at), List.of())) {
      if (place.dense()) {
        findPiece(text, at, place, found);
      } else if (text.startsWith(place.form(), at)) {
        found.add(new Span(at, at + place.form().length(), Scrubber.MARK));
      }
    }
  }

  private static void findPiece(String text, int at, Place place, List<Span> found) {
    if (!found.isEmpty() && found.getLast().end() > at + 4) {
      return;
    }
    String form = place.form();
    int start = at;
    int inForm = place.offset();
    while (start > 0 && inForm > 0 && text.charAt(start - 1) == form.charAt(inForm - 1)) {
      start--;
      inForm--;
    }
    int end = at;
    int behind = place.offset();
    while (end < text.length()
        && behind < form.length()
        && text.charAt(end) == form.charAt(behind)) {
      end++;
      behind++;
    }
    if (end - start == form.length() || counts(text, start, end)) {
      found.add(new Span(start, end, Scrubber.MARK));
    }
  }

  /** Whether a piece is long and varied enough to be no accident. */
  private static boolean counts(String text, int start, int end) {
    int length = end - start;
    if (length < SHORTEST_PIECE) {
      return false;
    }
    boolean hex = true;
    for (int i = start; i < end && hex; i++) {
      hex = Character.digit(text.charAt(i), 16) >= 0;
    }
    return length >= (hex ? SHORTEST_HEX_PIECE : SHORTEST_PIECE)
        && text.substring(start, end).chars().distinct().count() >= LEAST_VARIETY;
  }
}
