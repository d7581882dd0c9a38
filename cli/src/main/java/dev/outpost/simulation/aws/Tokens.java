package dev.outpost.simulation.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of an expression, read from the left. */
final class Tokens {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([#:]?[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|[=<>(),+\\-])");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int at;

  Tokens(String text) {
    this.text = text;
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    while (matcher.lookingAt()) {
      tokens.add(matcher.group(1));
      end = matcher.end();
      matcher.region(end, text.length());
    }
    if (!text.substring(end).isBlank()) {
      throw unexpected(text.substring(end));
    }
  }

  boolean isEmpty() {
    return at == tokens.size();
  }

  String peek() {
    return isEmpty() ? "" : tokens.get(at);
  }

  String next() {
    if (isEmpty()) {
      throw unexpected("its end");
    }
    return tokens.get(at++);
  }

  /** Takes the word if it is the next one. */
  boolean take(String word) {
    boolean is = peek().toUpperCase(Locale.ROOT).equals(word.toUpperCase(Locale.ROOT));
    if (is) {
      at++;
    }
    return is;
  }

  void expect(String word) {
    if (!take(word)) {
      throw unexpected(peek());
    }
  }

  IllegalArgumentException unexpected(String what) {
    return new IllegalArgumentException("expression \"" + text + "\": unexpected " + what);
  }
}
