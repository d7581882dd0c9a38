package dev.outpost.runner.scrub;

import java.util.Optional;

/** Three runs of base64url with full stops between, the first two being JSON objects. */
record JwtRule() implements Rule {
  private static final int SHORTEST_RUN = 8;

  @Override
  public String anchor() {
    return "eyJ";
  }

  @Override
  public Optional<Span> match(String text, int at) {
    int headerEnd = run(text, at);
    if (headerEnd - at < SHORTEST_RUN || !text.startsWith(".eyJ", headerEnd)) {
      return Optional.empty();
    }
    int payloadEnd = run(text, headerEnd + 1);
    if (payloadEnd - headerEnd <= SHORTEST_RUN || !text.startsWith(".", payloadEnd)) {
      return Optional.empty();
    }
    int end = run(text, payloadEnd + 1);
    return end - payloadEnd > SHORTEST_RUN
        ? Optional.of(new Span(at, end, Scrubber.mark("jwt")))
        : Optional.empty();
  }

  private static int run(String text, int from) {
    int end = from;
    while (end < text.length() && TokenRule.Alphabet.URL_SAFE.has(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
