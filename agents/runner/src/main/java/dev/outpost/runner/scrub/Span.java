package dev.outpost.runner.scrub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A part of a text that is to be hidden.
 *
 * @param start index of its first character
 * @param end index behind its last character
 * @param mark what stands there instead
 */
record Span(int start, int end, String mark) {
  /** Sorted by position, with those that touch each other made one under the first one's mark. */
  static List<Span> merged(List<Span> spans) {
    if (spans.size() < 2) {
      return spans;
    }
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(
        Comparator.comparingInt(Span::start).thenComparing(Span::end, Comparator.reverseOrder()));
    List<Span> merged = new ArrayList<>();
    Span last = sorted.getFirst();
    for (Span span : sorted.subList(1, sorted.size())) {
      if (span.start() < last.end()) {
        last = new Span(last.start(), Math.max(last.end(), span.end()), last.mark());
      } else {
        merged.add(last);
        last = span;
      }
    }
    merged.add(last);
    return merged;
  }

  /** The text from {@code from} to {@code to} with the spans' marks; no span crosses a bound. */
  static String redact(String text, List<Span> spans, int from, int to) {
    StringBuilder redacted = new StringBuilder(to - from);
    int at = from;
    for (Span span : spans) {
      if (span.start() < from || span.end() > to) {
        continue;
      }
      redacted.append(text, at, span.start()).append(span.mark());
      at = span.end();
    }
    return redacted.append(text, at, to).toString();
  }
}
