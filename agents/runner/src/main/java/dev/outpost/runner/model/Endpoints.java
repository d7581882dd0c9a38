package dev.outpost.runner.model;

import dev.outpost.run.ModelProtocol;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What of a provider's API an agent needs. All else stays shut: files, batches, fine-tuning and the
 * like would spend what nobody meters, or keep what an attacker left there.
 *
 * @param method the HTTP method
 * @param path the raw path, below the upstream's address
 * @param kind what a call of it is
 */
record Endpoints(String method, Pattern path, Kind kind) {
  private static final String VERSION = "(?:/(?:v[0-9][a-z0-9]*|beta))?";
  private static final String NAME = "[A-Za-z0-9._@-]+";

  private static final List<Endpoints> ANTHROPIC =
      List.of(
          of("POST", "/v1/messages", Kind.GENERATION),
          of("POST", "/v1/messages/count_tokens", Kind.FREE),
          of("GET", "/v1/models(?:/" + NAME + ")?", Kind.FREE));

  private static final List<Endpoints> OPENAI =
      List.of(
          of("POST", VERSION + "/responses(?:/compact)?", Kind.GENERATION),
          of("POST", VERSION + "/chat/completions", Kind.CHAT),
          of("POST", VERSION + "/(?:completions|embeddings)", Kind.GENERATION),
          of("GET", VERSION + "/models(?:/" + NAME + ")?", Kind.FREE));

  private static final List<Endpoints> GEMINI =
      List.of(
          of(
              "POST",
              VERSION
                  + "/models/"
                  + NAME
                  + ":(?:generateContent|streamGenerateContent|embedContent|batchEmbedContents)",
              Kind.GENERATION),
          of("POST", VERSION + "/models/" + NAME + ":countTokens", Kind.FREE),
          of("GET", VERSION + "/models(?:/" + NAME + ")?", Kind.FREE));

  /** What a call is, to the meter. */
  enum Kind {
    /** It costs, and its answer tells what. */
    GENERATION,
    /** The same; but a stream tells only when it is asked to. */
    CHAT,
    /** It costs nothing. */
    FREE
  }

  private static Endpoints of(String method, String path, Kind kind) {
    return new Endpoints(method, Pattern.compile(path), kind);
  }

  /** What a call would be, or empty where it must not pass. */
  static Optional<Kind> kind(ModelProtocol protocol, String method, String rawPath) {
    if (rawPath.contains("..")) {
      return Optional.empty();
    }
    List<Endpoints> known =
        switch (protocol) {
          case ANTHROPIC -> ANTHROPIC;
          case OPENAI -> OPENAI;
          case GEMINI -> GEMINI;
        };
    return known.stream()
        .filter(endpoint -> endpoint.method().equals(method))
        .filter(endpoint -> endpoint.path().matcher(rawPath).matches())
        .map(Endpoints::kind)
        .findFirst();
  }
}
