package dev.outpost.runner.scrub;

import java.util.Optional;

/**
 * {@code user:password@} in a URL. A user alone is no secret ({@code ssh://git@host}), nor is what
 * is plainly a placeholder ({@code https://user:${TOKEN}@host}), which source code is full of.
 */
record UrlCredentialsRule() implements Rule {
  private static final int LONGEST = 1024;

  @Override
  public String anchor() {
    return "://";
  }

  @Override
  public Optional<Span> match(String text, int at) {
    if (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1))) {
      return Optional.empty();
    }
    int from = at + 3;
    int limit = Math.min(text.length(), from + LONGEST);
    int colon = -1;
    for (int i = from; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '@') {
        return colon >= 0 && i > colon + 1 && !isPlaceholder(text, colon + 1)
            ? Optional.of(new Span(from, i, Scrubber.mark("url-credentials")))
            : Optional.empty();
      }
      if (c == ':' && colon < 0) {
        colon = i;
      } else if (c <= ' ' || "/?#\"'`<>\\".indexOf(c) >= 0) {
        // An opening angle bracket may stand for a placeholder; either way no credential follows.
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean isPlaceholder(String text, int password) {
    char c = text.charAt(password);
    if (c == '%') {
      return password + 1 >= text.length() || Character.digit(text.charAt(password + 1), 16) < 0;
    }
    return "${*[(".indexOf(c) >= 0;
  }
}
