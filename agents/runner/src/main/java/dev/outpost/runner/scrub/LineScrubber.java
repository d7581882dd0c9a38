package dev.outpost.runner.scrub;

import java.util.List;
import java.util.function.Consumer;

/**
 * Scrubs one stream line by line, remembering whether it is inside a private key. Each line yields
 * one line. Not safe for use by several threads.
 */
public final class LineScrubber {
  /** A private key of more lines than this is none; a false beginning must not hide all else. */
  private static final int LONGEST_KEY = 500;

  private final Scrubber scrubber;
  private final StringBuilder pending = new StringBuilder();
  private int keyLines;
  private boolean insideKey;

  LineScrubber(Scrubber scrubber) {
    this.scrubber = scrubber;
  }

  /** A whole line, without its line end. */
  public String line(String line) {
    if (insideKey) {
      int end = line.indexOf(PrivateKeyRule.END);
      if (end >= 0) {
        insideKey = false;
        String rest = line(line.substring(end));
        return line.substring(0, end).isBlank()
            ? line.substring(0, end) + rest
            : Scrubber.mark(PrivateKeyRule.KIND) + rest;
      }
      if (++keyLines <= LONGEST_KEY && PrivateKeyRule.mayBeBody(line)) {
        return line.isBlank() ? line : Scrubber.mark(PrivateKeyRule.KIND);
      }
      insideKey = false;
    }
    List<Span> spans = scrubber.find(line);
    noteKey(line, spans);
    return spans.isEmpty() ? line : Span.redact(line, spans, 0, line.length());
  }

  /**
   * A part of a line that is too long to be held whole. What may be the beginning of a secret is
   * kept back until the next part shows it.
   *
   * @param part the next characters of the line
   * @param last whether the line ends with them
   * @param out takes the scrubbed text, in order
   */
  public void part(String part, boolean last, Consumer<String> out) {
    pending.append(part);
    if (!last && pending.length() < 2 * scrubber.reach()) {
      return;
    }
    String text = pending.toString();
    pending.setLength(0);
    if (last || insideKey) {
      out.accept(line(text));
      return;
    }
    List<Span> spans = scrubber.find(text);
    int cut = text.length() - scrubber.reach();
    for (Span span : spans) {
      if (span.start() < cut && span.end() > cut) {
        // A match up to the very end may go on; one that began at 0 already fills all we hold.
        boolean mayGoOn = span.end() == text.length() && span.start() > 0;
        cut = mayGoOn ? span.start() : span.end();
      }
    }
    if (cut == text.length()) {
      noteKey(text, spans);
    }
    out.accept(Span.redact(text, spans, 0, cut));
    pending.append(text, cut, text.length());
  }

  private void noteKey(String line, List<Span> spans) {
    if (!spans.isEmpty() && PrivateKeyRule.isOpen(line, spans.getLast())) {
      insideKey = true;
      keyLines = 0;
    }
  }
}
