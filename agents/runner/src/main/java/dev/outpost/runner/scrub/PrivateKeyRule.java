package dev.outpost.runner.scrub;

import java.util.Optional;

/** The body of a PEM private key, as far as it stands in this text. */
record PrivateKeyRule() implements Rule {
  static final String KIND = "private-key";
  static final String END = "-----END";
  private static final String BEGIN = "-----BEGIN ";
  private static final String OPEN = "";
  private static final int LONGEST_LABEL = 60;
  private static final int SHORTEST_RUN = 16;
  private static final int LONG_WORD = 32;

  @Override
  public String anchor() {
    return BEGIN;
  }

  @Override
  public Optional<Span> match(String text, int at) {
    int label = at + BEGIN.length();
    int dashes = text.indexOf("-----", label);
    if (dashes < 0
        || dashes - label > LONGEST_LABEL
        || !text.substring(label, dashes).contains("PRIVATE KEY")) {
      return Optional.empty();
    }
    int body = dashes + 5;
    int first = skipQuoting(text, body);
    if (first == text.length()) {
      // The body begins in the next line: an empty span tells so.
      return Optional.of(new Span(first, first, OPEN));
    }
    int run = first;
    while (run < text.length() && isBase64(text.charAt(run))) {
      run++;
    }
    if (run - first < SHORTEST_RUN) {
      // Only the label, as in a program that looks for keys.
      return Optional.empty();
    }
    int end = text.indexOf(END, body);
    return Optional.of(new Span(body, end < 0 ? text.length() : end, Scrubber.mark(KIND)));
  }

  private static int skipQuoting(String text, int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i = Math.min(i + 2, text.length());
      } else if (c <= ' ' || "\"'+,|".indexOf(c) >= 0) {
        i++;
      } else {
        return i;
      }
    }
    return i;
  }

  private static boolean isBase64(char c) {
    return TokenRule.Alphabet.ALPHANUMERIC.has(c) || c == '+' || c == '/' || c == '=';
  }

  /** Whether a match says that the key goes on behind the text. */
  static boolean isOpen(String text, Span match) {
    return match.end() == text.length()
        && (match.mark().equals(OPEN) || match.mark().equals(Scrubber.mark(KIND)));
  }

  /** Whether a line may be a part of a key's body: base64 alone, or behind a line number. */
  static boolean mayBeBody(String line) {
    String stripped = line.strip();
    if (stripped.isEmpty()
        || stripped.startsWith("Proc-Type:")
        || stripped.startsWith("DEK-Info:")) {
      return true;
    }
    // "12: MIIE…" of cat -n, "MIIE…\n" + of a program's source.
    String[] words = stripped.split("\\s+", -1);
    for (String word : words) {
      if (isBodyWord(word) && (words.length == 1 || word.length() >= LONG_WORD)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBodyWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (!isBase64(word.charAt(i)) && "\\\"',|>".indexOf(word.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
