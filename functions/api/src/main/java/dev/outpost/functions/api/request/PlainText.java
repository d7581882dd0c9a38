package dev.outpost.functions.api.request;

import java.util.Optional;

/** What no text of a client may hold, because it would not survive its way to the agent. */
public final class PlainText {
  private PlainText() {}

  /** What is wrong with a text of any number of lines; empty when nothing is. */
  public static Optional<String> flaw(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of("must not contain the NUL character (at position " + i + ")");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of("must not contain half of a surrogate pair (at position " + i + ")");
      }
    }
    return Optional.empty();
  }

  /** What is wrong with a text of one line; empty when nothing is. */
  public static Optional<String> lineFlaw(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return Optional.of("must not contain control characters (at position " + i + ")");
      }
    }
    return flaw(text);
  }

  /** Its length as people count it: in code points. */
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
