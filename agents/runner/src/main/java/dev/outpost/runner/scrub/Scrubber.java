package dev.outpost.runner.scrub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Replaces secrets in texts by {@code [REDACTED]} (one of the job's own) or {@code [REDACTED:kind]}
 * (a well-known shape).
 *
 * <p>The job's secrets are found as they are, in base64 (both alphabets, at each alignment, and
 * wrapped over lines), hex, URL-encoded, escaped for JSON and HTML; each line of at least 8
 * characters of a secret of several lines counts too. Secrets of fewer than 4 characters are not
 * looked for.
 *
 * <p>Immutable; safe for use by many threads.
 */
public final class Scrubber {
  /** What stands in the place of one of the job's own secrets. */
  public static final String MARK = "[REDACTED]";

  private final GramFilter filter = new GramFilter();
  private final Rules rules = new Rules(filter);
  private final Literals literals;

  /** A scrubber that knows these secrets, and the well-known shapes in any case. */
  public Scrubber(Collection<String> secrets) {
    literals = new Literals(new SecretForms(secrets), filter);
  }

  /** What stands in the place of a well-known shape. */
  static String mark(String kind) {
    return "[REDACTED:" + kind + "]";
  }

  /** A text of any number of lines without its secrets; the number of lines stays. */
  public String scrub(String text) {
    if (text.indexOf('\n') < 0) {
      return lines().line(text);
    }
    LineScrubber lines = lines();
    StringBuilder scrubbed = new StringBuilder(text.length());
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      scrubbed.append(lines.line(text.substring(from, end))).append('\n');
      from = end + 1;
    }
    return scrubbed.append(lines.line(text.substring(from))).toString();
  }

  /** Whether a text has anything to hide. */
  public boolean finds(String text) {
    return !find(text).isEmpty();
  }

  /** Whether a text has one of the job's own secrets in it; shapes do not count. */
  public boolean findsOwn(String text) {
    return find(text).stream().anyMatch(span -> span.mark().equals(MARK));
  }

  /** A scrubber for one stream of lines, which remembers what one line says about the next. */
  public LineScrubber lines() {
    return new LineScrubber(this);
  }

  /** How much of a text's end may be the beginning of something to hide, in characters. */
  int reach() {
    return Math.max(8192, literals.longest() + 64);
  }

  /** All that is to be hidden in a text without line ends, in order, without overlaps. */
  List<Span> find(String text) {
    List<Span> found = List.of();
    int length = text.length();
    int gram = 0;
    for (int i = 0; i < length; i++) {
      gram = (gram << 8) | (text.charAt(i) & 0xff);
      if (filter.mayBegin(gram) && i >= 2) {
        if (found.isEmpty()) {
          found = new ArrayList<>();
        }
        rules.find(text, i - 2, gram & 0xffffff, found);
        literals.find(text, i - 2, found);
      }
    }
    return Span.merged(found);
  }
}
