package dev.outpost.runner.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineScrubberTest {
  private static final String BODY =
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  private static final String BEGIN = "-----BEGIN PRIVATE" + " KEY-----";
  private static final String END = "-----END PRIVATE" + " KEY-----";

  private static List<String> scrub(String... lines) {
    LineScrubber scrubber = new Scrubber(List.of()).lines();
    List<String> scrubbed = new ArrayList<>();
    for (String line : lines) {
      scrubbed.add(scrubber.line(line));
    }
    return scrubbed;
  }

  @Test
  void aPrivateKeyOverManyLinesIsHidden() {
    assertThat(scrub("x", BEGIN, BODY, BODY, "abcd==", END, "after"))
        .containsExactly(
            "x",
            BEGIN,
            "[REDACTED:private-key]",
            "[REDACTED:private-key]",
            "[REDACTED:private-key]",
            END,
            "after");
  }

  @Test
  void aPrivateKeyInOneLineIsHidden() {
    assertThat(scrub("k=\"" + BEGIN + "\\n" + BODY + "\\n" + END + "\\n\"", "after"))
        .containsExactly("k=\"" + BEGIN + "[REDACTED:private-key]" + END + "\\n\"", "after");
  }

  @Test
  void aPrivateKeyInSourceCodeIsHidden() {
    assertThat(scrub("  \"" + BEGIN + "\\n\" +", "  \"" + BODY + "\\n\" +", "  \"" + END + "\""))
        .containsExactly(
            "  \"" + BEGIN + "\\n\" +",
            "[REDACTED:private-key]",
            "[REDACTED:private-key]" + END + "\"");
  }

  @Test
  void aKeyThatIsCutOffHidesNoTextBehindIt() {
    assertThat(scrub(BEGIN, BODY, "and then: some text", "word"))
        .containsExactly(BEGIN, "[REDACTED:private-key]", "and then: some text", "word");
  }

  @Test
  void aFalseBeginningDoesNotHideTheLogForEver() {
    LineScrubber scrubber = new Scrubber(List.of()).lines();
    scrubber.line(BEGIN);
    String last = "";
    for (int i = 0; i < 1000; i++) {
      last = scrubber.line("word");
    }
    assertThat(last).isEqualTo("word");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 4096, 8191, 8192, 20_000, 65_536})
  void aSecretAcrossPartsIsHidden(int size) {
    String secret = "the-secret-of-this-job";
    String text = "x".repeat(8190) + secret + "y".repeat(30_000) + secret + "z";
    LineScrubber scrubber = new Scrubber(List.of(secret)).lines();
    StringBuilder scrubbed = new StringBuilder();
    for (int from = 0; from < text.length(); from += size) {
      int to = Math.min(text.length(), from + size);
      scrubber.part(text.substring(from, to), to == text.length(), scrubbed::append);
    }
    assertThat(scrubbed.toString()).isEqualTo(text.replace(secret, "[REDACTED]"));
  }

  @Test
  void aTokenAtTheEndOfAPartIsHiddenWhole() {
    String token = "ghp" + "_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5".repeat(700);
    LineScrubber scrubber = new Scrubber(List.of()).lines();
    StringBuilder scrubbed = new StringBuilder();
    scrubber.part("x ".repeat(5000) + token.substring(0, 12_000), false, scrubbed::append);
    scrubber.part(token.substring(12_000) + " y", true, scrubbed::append);
    assertThat(scrubbed.toString()).isEqualTo("x ".repeat(5000) + "[REDACTED:github] y");
  }
}
