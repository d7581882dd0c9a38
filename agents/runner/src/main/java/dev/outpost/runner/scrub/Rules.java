package dev.outpost.runner.scrub;

import static dev.outpost.runner.scrub.TokenRule.Alphabet.ALPHANUMERIC;
import static dev.outpost.runner.scrub.TokenRule.Alphabet.CAPITAL;
import static dev.outpost.runner.scrub.TokenRule.Alphabet.DOTTED;
import static dev.outpost.runner.scrub.TokenRule.Alphabet.HEX;
import static dev.outpost.runner.scrub.TokenRule.Alphabet.URL_SAFE;
import static dev.outpost.runner.scrub.TokenRule.Alphabet.WORD;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules for well-known tokens, found by the first three characters of their anchors. Immutable;
 * safe for use by many threads.
 */
final class Rules {
  private final Map<Integer, List<Rule>> byGram = new HashMap<>();

  /** The rules, whose grams go into the filter. */
  Rules(GramFilter filter) {
    for (Rule rule : wellKnown()) {
      int gram = GramFilter.gram(rule.anchor(), 0);
      filter.add(gram);
      byGram.computeIfAbsent(gram, _ -> new ArrayList<>()).add(rule);
    }
  }

  private static List<Rule> wellKnown() {
    List<Rule> rules = new ArrayList<>();
    for (String prefix : List.of("ghp_", "gho_", "ghu_", "ghr_")) {
      rules.add(new TokenRule("github", prefix, ALPHANUMERIC, 30, false, false));
    }
    // Newer installation tokens carry a JWT.
    rules.add(new TokenRule("github", "ghs_", DOTTED, 30, false, false));
    rules.add(new TokenRule("github", "github_pat_", WORD, 30, false, false));
    rules.add(new TokenRule("aws", "AKIA", CAPITAL, 16, true, true));
    rules.add(new TokenRule("aws", "ASIA", CAPITAL, 16, true, true));
    for (String name :
        List.of(
            "secret_access_key",
            "SECRET_ACCESS_KEY",
            "ecretAccessKey",
            "aws_secret_key",
            "AWS_SECRET_KEY")) {
      rules.add(new AwsSecretRule(name));
    }
    rules.add(new TokenRule("anthropic", "sk-ant-", URL_SAFE, 20, false, true));
    for (String prefix : List.of("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-v1-")) {
      rules.add(new TokenRule("openai", prefix, URL_SAFE, 20, false, true));
    }
    rules.add(new TokenRule("openai", "sk-", ALPHANUMERIC, 20, false, true));
    rules.add(new TokenRule("google", "AIza", URL_SAFE, 35, false, false));
    rules.add(new TokenRule("xai", "xai-", ALPHANUMERIC, 20, false, true));
    for (char c : "abeoprs".toCharArray()) {
      rules.add(new TokenRule("slack", "xox" + c + "-", URL_SAFE, 10, false, true));
    }
    for (String prefix : List.of("sk_live_", "rk_live_")) {
      rules.add(new TokenRule("stripe", prefix, ALPHANUMERIC, 16, false, true));
    }
    rules.add(new TokenRule("gitlab", "glpat-", DOTTED, 20, false, false));
    rules.add(new TokenRule("outpost", "otp_", HEX, 64, true, false));
    rules.add(new JwtRule());
    rules.add(new UrlCredentialsRule());
    rules.add(new PrivateKeyRule());
    return rules;
  }

  /** Adds what the rules find whose anchor begins at {@code at}. */
  void find(String text, int at, int gram, List<Span> found) {
    for (Rule rule : byGram.getOrDefault(gram, List.of())) {
      if (text.startsWith(rule.anchor(), at)) {
        rule.match(text, at).ifPresent(found::add);
      }
    }
  }
}
