package dev.outpost.runner.scrub;

import java.util.Optional;

/**
 * A token that is a prefix and a run of characters.
 *
 * @param kind named in the mark
 * @param anchor the prefix
 * @param body the characters of the run
 * @param shortest length of the shortest run that counts
 * @param exact whether a longer run is something else
 * @param guarded whether the prefix is so short that it must not follow a letter or digit, and the
 *     run must have a digit, as in {@code sk-}, which also ends {@code task-}
 */
record TokenRule(
    String kind, String anchor, Alphabet body, int shortest, boolean exact, boolean guarded)
    implements Rule {
  @Override
  public Optional<Span> match(String text, int at) {
    if (guarded && !atBoundary(text, at)) {
      return Optional.empty();
    }
    int from = at + anchor.length();
    int end = from;
    boolean digit = false;
    while (end < text.length() && body.has(text.charAt(end))) {
      digit |= text.charAt(end) <= '9' && text.charAt(end) >= '0';
      end++;
    }
    while (end > from && isPunctuation(text.charAt(end - 1))) {
      end--;
    }
    int length = end - from;
    if (length < shortest || (exact && length != shortest) || (guarded && !digit)) {
      return Optional.empty();
    }
    return Optional.of(new Span(at, end, Scrubber.mark(kind)));
  }

  private static boolean isPunctuation(char c) {
    return c == '.' || c == '-';
  }

  /** Whether no word runs into this place; an escape such as \n, %3D or a colour's is no word. */
  private static boolean atBoundary(String text, int at) {
    if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) {
      return true;
    }
    return (at >= 2 && text.charAt(at - 2) == '\\')
        || (at >= 3 && text.charAt(at - 3) == '%')
        || (at >= 6 && text.startsWith("\\u", at - 6))
        || endsColour(text, at);
  }

  /** Whether a terminal's escape sequence ends here: {@code [}, numbers, one letter (ECMA-48). */
  private static boolean endsColour(String text, int at) {
    int i = at - 2;
    while (i >= 0 && (Character.isDigit(text.charAt(i)) || text.charAt(i) == ';')) {
      i--;
    }
    return i >= 0 && text.charAt(i) == '[';
  }

  /** The characters of a token's run. */
  enum Alphabet {
    /** Letters and digits. */
    ALPHANUMERIC(""),
    /** Letters, digits and underscore. */
    WORD("_"),
    /** Letters, digits, underscore and hyphen. */
    URL_SAFE("_-"),
    /** Those and the full stop. */
    DOTTED("_-."),
    /** Capital letters and digits. */
    CAPITAL(""),
    /** Hexadecimal digits. */
    HEX("");

    // One bit for each of the 128 ASCII characters.
    private final long low;
    private final long high;

    Alphabet(String marks) {
      long lower = 0;
      long upper = 0;
      for (char c = 0; c < 128; c++) {
        boolean member =
            marks.indexOf(c) >= 0
                || switch (name()) {
                  case "HEX" -> Character.digit(c, 16) >= 0;
                  case "CAPITAL" -> Character.isDigit(c) || Character.isUpperCase(c);
                  default -> Character.isLetterOrDigit(c);
                };
        if (member && c < 64) {
          lower |= 1L << c;
        } else if (member) {
          upper |= 1L << (c - 64);
        }
      }
      low = lower;
      high = upper;
    }

    boolean has(char c) {
      return c < 128 && ((c < 64 ? low : high) & (1L << (c & 63))) != 0;
    }
  }
}
