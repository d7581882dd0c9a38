package dev.outpost.runner.scrub;

import java.util.Optional;

/**
 * The value in an assignment to an AWS secret key's name. The forty characters alone look like any
 * hash, so the name before them decides.
 *
 * @param anchor a spelling of the name's end
 */
record AwsSecretRule(String anchor) implements Rule {
  private static final int LENGTH = 40;
  private static final int FURTHEST = 12;

  @Override
  public Optional<Span> match(String text, int at) {
    int from = at + anchor.length();
    int limit = Math.min(text.length(), from + FURTHEST);
    boolean assigned = false;
    while (from < limit && " \t\"'\\:=>".indexOf(text.charAt(from)) >= 0) {
      assigned |= text.charAt(from) == ':' || text.charAt(from) == '=';
      from++;
    }
    int end = from;
    while (end < text.length() && isKeyCharacter(text.charAt(end))) {
      end++;
    }
    return assigned && end - from == LENGTH
        ? Optional.of(new Span(from, end, Scrubber.mark("aws")))
        : Optional.empty();
  }

  private static boolean isKeyCharacter(char c) {
    return TokenRule.Alphabet.ALPHANUMERIC.has(c) || c == '/' || c == '+';
  }
}
