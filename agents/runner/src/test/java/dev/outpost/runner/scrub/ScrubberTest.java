package dev.outpost.runner.scrub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {
  private static final String SECRET = "p@ss/w\"rd+\\With<Odd>&Letters=äöü~42";
  private static final Scrubber NONE = new Scrubber(List.of());

  // Put together here, so that no scanner takes this file for a leak.
  private static String of(String... parts) {
    return String.join("", parts);
  }

  private static final String A36 = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5";
  private static final String HEX64 = "0123456789abcdef".repeat(4);

  static Stream<Arguments> wellKnown() {
    return Stream.of(
        Arguments.of("github", of("ghp", "_", A36)),
        Arguments.of("github", of("gho", "_", A36)),
        Arguments.of("github", of("ghu", "_", A36)),
        Arguments.of("github", of("ghs", "_", A36)),
        Arguments.of("github", of("ghr", "_", A36)),
        Arguments.of("github", of("github", "_pat_11ABCDEFG0", A36)),
        Arguments.of("aws", of("AK", "IA", "IOSFODNN7EXAMPLE")),
        Arguments.of("aws", of("AS", "IA", "IOSFODNN7EXAMPLE")),
        Arguments.of("openai", of("sk", "-", A36, A36.substring(0, 12))),
        Arguments.of("openai", of("sk", "-proj-", A36, "_", A36)),
        Arguments.of("anthropic", of("sk", "-ant-api03-", A36, "-", A36)),
        Arguments.of("google", of("AI", "za", "SyA1234567890abcdefghijklmnopqrstuv")),
        Arguments.of("xai", of("xai", "-", A36, A36)),
        Arguments.of("slack", of("xox", "b-123456789012-1234567890123-abcDEF")),
        Arguments.of("slack", of("xox", "p-123456789012-abcdef")),
        Arguments.of("stripe", of("sk", "_live_", "4eC39HqLyjWDarjtT1zdp7dc")),
        Arguments.of("stripe", of("rk", "_live_", "4eC39HqLyjWDarjtT1zdp7dc")),
        Arguments.of("gitlab", of("glpat", "-", "aB3dE5gH7jK9mN1pQ3sT")),
        Arguments.of(
            "jwt", of("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0", ".dozjgNryP4J3jVmNHl0w5N")),
        Arguments.of("outpost", of("otp", "_", HEX64)));
  }

  @ParameterizedTest
  @MethodSource("wellKnown")
  void wellKnownTokensAreHiddenWhereverTheyStand(String kind, String token) {
    String mark = "[REDACTED:" + kind + "]";
    assertThat(NONE.scrub(token)).isEqualTo(mark);
    assertThat(NONE.scrub("token=" + token + " and on")).isEqualTo("token=" + mark + " and on");
    assertThat(NONE.scrub("{\"a\":\"x\\n" + token + "\"}"))
        .isEqualTo("{\"a\":\"x\\n" + mark + "\"}");
    assertThat(NONE.scrub("x%3D" + token + "&y=1")).isEqualTo("x%3D" + mark + "&y=1");
    assertThat(NONE.scrub("(" + token + ").")).isEqualTo("(" + mark + ").");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the highest ghp_ prefix",
        "ghp_short",
        "AKIAIOSFODNN7EXAMPL",
        "AKIAIOSFODNN7EXAMPLEX",
        "XAKIAIOSFODNN7EXAMPLE",
        "task-5a3dE5gH7jK9mN1pQ3sT5vW7y",
        "sk-fading-circle-animation-delay",
        "sk-circlefadingcircleanimationdelay",
        "risk-ant-colony-optimisation-study-2",
        "disk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "AIzaTooShort",
        "xai-grok",
        "xoxb-short",
        "glpat-short",
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJhbGciOiJIUzI1NiJ9.notjson.notasignature",
        "otp_0123456789abcdef",
        "otp_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "https://github.com/owner/name@v2",
        "ssh://git@github.com/owner/name.git",
        "http://127.0.0.1:8080/path?mail=a@b",
        "https://user:${TOKEN}@host/",
        "https://user:%s@host/",
        "https://user:{password}@host/",
        "https://user:<password>@host/",
        "if \"-----BEGIN PRIVATE KEY-----\" in text:",
        "-----BEGIN CERTIFICATE-----",
        "-----------------------------",
        "secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
        "the quick brown fox jumps over the lazy dog"
      })
  void nearMissesStay(String text) {
    assertThat(NONE.scrub(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws_secret_access_key = %s",
        "AWS_SECRET_ACCESS_KEY=%s",
        "export AWS_SECRET_ACCESS_KEY=\"%s\"",
        "\"SecretAccessKey\": \"%s\"",
        "{\\\"secretAccessKey\\\": \\\"%s\\\"}"
      })
  void awsSecretKeysAreKnownByTheirNames(String form) {
    String key = of("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY");
    assertThat(NONE.scrub(form.formatted(key))).isEqualTo(form.formatted("[REDACTED:aws]"));
    assertThat(NONE.scrub(key)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://%s@host/x", "postgres://%s@db:5432/x", "redis://%s@127.0.0.1"})
  void urlCredentialsAreHidden(String form) {
    assertThat(NONE.scrub(form.formatted("user:hunter2")))
        .isEqualTo(form.formatted("[REDACTED:url-credentials]"));
    assertThat(NONE.scrub(form.formatted("user:%41bc")))
        .isEqualTo(form.formatted("[REDACTED:url-credentials]"));
  }

  static Stream<Arguments> encodings() {
    byte[] bytes = SECRET.getBytes(UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    String url = URLEncoder.encode(SECRET, UTF_8);
    return Stream.of(
        Arguments.of("as it is", SECRET),
        Arguments.of("hex", hex),
        Arguments.of("HEX", hex.toUpperCase(Locale.ROOT)),
        Arguments.of("URL", url),
        Arguments.of("URL, blanks as %20", url.replace("+", "%20")),
        Arguments.of("url, small escapes", lower(url)),
        Arguments.of("encodeURIComponent", url.replace("%7E", "~")),
        Arguments.of("JSON", SECRET.replace("\\", "\\\\").replace("\"", "\\\"")),
        Arguments.of(
            "JSON, slashes escaped",
            SECRET.replace("\\", "\\\\").replace("\"", "\\\"").replace("/", "\\/")),
        Arguments.of(
            "JSON, ASCII",
            SECRET
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("ä", "\\u00e4")
                .replace("ö", "\\u00f6")
                .replace("ü", "\\u00fc")),
        Arguments.of(
            "JSON, safe for HTML",
            SECRET
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")),
        Arguments.of(
            "HTML",
            SECRET
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")),
        Arguments.of("bytes as Latin-1", new String(bytes, ISO_8859_1)));
  }

  private static String lower(String url) {
    StringBuilder text = new StringBuilder(url);
    for (int i = url.indexOf('%'); i >= 0; i = url.indexOf('%', i + 3)) {
      text.replace(i, i + 3, url.substring(i, i + 3).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("encodings")
  void ownSecretsAreHiddenInEveryEncoding(String name, String encoded) {
    Scrubber scrubber = new Scrubber(List.of(SECRET));
    assertThat(scrubber.scrub("before " + encoded + " behind"))
        .as(name)
        .isEqualTo("before [REDACTED] behind");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "user:", "Authorization: Basic x:"})
  void base64IsHiddenAtEachAlignment(String before) {
    Scrubber scrubber = new Scrubber(List.of(SECRET));
    byte[] bytes = (before + SECRET + "behind").getBytes(UTF_8);
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      String scrubbed = scrubber.scrub(encoder.encodeToString(bytes));
      assertThat(scrubbed).contains("[REDACTED]");
      String core = Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8)).substring(4, 40);
      assertThat(scrubbed).doesNotContain(core);
      // Besides the neighbours' own characters at most the two shared ones remain.
      assertThat(scrubbed.replace("[REDACTED]", "").length())
          .isLessThanOrEqualTo(((before.length() + 2) / 3 + 3) * 4 + 2);
    }
  }

  @Test
  void base64IsHiddenWhenItIsWrapped() {
    String key = of("sk", "-ant-api03-") + (A36 + "-").repeat(3);
    String wrapped =
        Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(key.getBytes(UTF_8));
    assertThat(wrapped.lines().count()).isGreaterThan(1);
    String scrubbed = new Scrubber(List.of(key)).scrub(wrapped);
    assertThat(scrubbed.lines().count()).isEqualTo(wrapped.lines().count());
    assertThat(scrubbed.lines())
        .allMatch(line -> line.contains("[REDACTED]") && line.length() < 20);
  }

  @Test
  void eachLongLineOfASecretCounts() {
    Scrubber scrubber = new Scrubber(List.of("first line of it\nshort\nthe third line\n"));
    assertThat(scrubber.scrub("a first line of it b")).isEqualTo("a [REDACTED] b");
    assertThat(scrubber.scrub("the third line")).isEqualTo("[REDACTED]");
    assertThat(scrubber.scrub("short")).isEqualTo("short");
  }

  @Test
  void aSecretWithALineEndIsHiddenWithoutIt() {
    assertThat(new Scrubber(List.of("hunter2hunter2\n")).scrub("x=hunter2hunter2;"))
        .isEqualTo("x=[REDACTED];");
  }

  @Test
  void theLongerOfTwoSecretsWins() {
    Scrubber scrubber = new Scrubber(List.of("abcd1234", "abcd1234efgh"));
    assertThat(scrubber.scrub("abcd1234efgh abcd1234")).isEqualTo("[REDACTED] [REDACTED]");
  }

  @Test
  void aVeryShortSecretHidesNothing() {
    assertThat(new Scrubber(List.of("abc", "")).scrub("abcabc")).isEqualTo("abcabc");
  }

  @Test
  void scrubbingTwiceChangesNothingMore() {
    Scrubber scrubber = new Scrubber(List.of(SECRET));
    String once = scrubber.scrub(SECRET + of(" ghp", "_", A36) + " https://a:bcd@host/");
    assertThat(scrubber.scrub(once)).isEqualTo(once);
  }
}
