package dev.outpost.runner.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every kind of well-known secret in every kind of place where one is found, against what only
 * looks like one. The secrets are drawn here, so that no scanner takes this file for a leak.
 */
class RedactionCorpusTest {
  private static final Random RANDOM = new Random(20261125);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String ALPHANUMERIC = LETTERS + "0123456789";
  private static final String URL_SAFE = ALPHANUMERIC + "_-";
  private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final String HEX = "0123456789abcdef";

  /** How a shape begins, what it goes on with, and for how long. */
  private record Shape(String kind, String prefix, String alphabet, int length) {
    String draw() {
      return prefix + random(alphabet, length);
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape("github", "ghp" + "_", ALPHANUMERIC, 36),
          new Shape("github", "gho" + "_", ALPHANUMERIC, 36),
          new Shape("github", "ghu" + "_", ALPHANUMERIC, 36),
          new Shape("github", "ghs" + "_", ALPHANUMERIC, 36),
          new Shape("github", "ghr" + "_", ALPHANUMERIC, 36),
          new Shape("github", "github" + "_pat_", ALPHANUMERIC, 82),
          new Shape("aws", "AK" + "IA", CAPITALS, 16),
          new Shape("aws", "AS" + "IA", CAPITALS, 16),
          new Shape("openai", "sk" + "-", ALPHANUMERIC, 48),
          new Shape("openai", "sk" + "-proj-", URL_SAFE, 120),
          new Shape("openai", "sk" + "-svcacct-", URL_SAFE, 60),
          new Shape("anthropic", "sk" + "-ant-api03-", URL_SAFE, 93),
          new Shape("anthropic", "sk" + "-ant-oat01-", URL_SAFE, 93),
          new Shape("google", "AI" + "za", URL_SAFE, 35),
          new Shape("xai", "xai" + "-", ALPHANUMERIC, 80),
          new Shape("slack", "xox" + "b-", URL_SAFE, 50),
          new Shape("slack", "xox" + "p-", URL_SAFE, 70),
          new Shape("stripe", "sk" + "_live_", ALPHANUMERIC, 24),
          new Shape("stripe", "rk" + "_live_", ALPHANUMERIC, 24),
          new Shape("gitlab", "glpat" + "-", URL_SAFE, 20),
          new Shape("outpost", "otp" + "_", HEX, 64));

  /** Places in logs, patches and answers; the secret stands for {@code %s}. */
  private static final List<String> PLACES =
      List.of(
          "%s",
          "TOKEN=%s",
          "export TOKEN=\"%s\"",
          "token: %s",
          "  - name: TOKEN\tvalue: '%s'",
          "{\"token\":\"%s\",\"next\":1}",
          "{\\\"token\\\":\\\"%s\\\"}",
          "{\"log\":\"line one\\n%s\\nline three\"}",
          "Authorization: Bearer %s",
          "curl -H 'X-API-Key: %s' https://api.example.com/v1",
          "https://api.example.com/v1?key=%s&page=2",
          "https://api.example.com/cb#access_token=%s",
          "redirect=https%%3A%%2F%%2Fexample.com%%3Ftoken%%3D%s",
          "+const token = `%s`;",
          "-    private static final String TOKEN = \"%s\";",
          "token = '%s'  # do not commit",
          "<input type=\"hidden\" value=\"%s\"/>",
          "| token | %s |",
          "2026-11-25T10:00:00Z ERROR refused (%s).",
          "[%s]",
          "a,%s,b",
          "set-cookie: session=%s; HttpOnly",
          "ARG TOKEN=%s",
          "\u001b[32m%s\u001b[0m");

  /** What a repository or a build is full of, and what hides nothing. */
  private static final List<String> HARMLESS =
      List.of(
          "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
          "index 0805455a24b6c68fbc38d0fa5d121f735984285d..f0bed1076eb19908ba2313cce037b3b5ebf9cf71 100644",
          "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "\"integrity\": \"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\"",
          "550e8400-e29b-41d4-a716-446655440000",
          "dsp_01M82PW5KB5XZ8PJTP2817PM3S",
          "key_01M82PWW6P5T6W24BW8F487JWS",
          "<div class=\"sk-fading-circle sk-circle12 sk-cube-grid-animation\">",
          "import { skeleton } from 'sk-skeleton-loader-component';",
          "task-5a3dE5gH7jK9mN1pQ3sT5vW7yZ9b",
          "risk-ant-colony-optimisation-study-2026",
          "desk-proj-layout-of-the-second-floor-2",
          "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
          "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl user@host",
          "AKIA is the prefix of access keys, ASIA that of temporary ones",
          "ghp_ and github_pat_ begin GitHub's tokens; xoxb- begins Slack's",
          "if (token.startsWith(\"sk-ant-\")) { hide(token); }",
          "AIza followed by 35 characters",
          "pk_live_4eC39HqLyjWDarjtT1zdp7dc is publishable",
          "sk_test_4eC39HqLyjWDarjtT1zdp7dc is a test's",
          "https://example.com/a/b?c=d#e",
          "git@github.com:owner/name.git",
          "ssh://git@example.com:22/owner/name.git",
          "mailto:someone@example.com",
          "postgres://localhost:5432/db?user=app@host",
          "http://[::1]:8080/@scope/package",
          "npm install @scope/package@1.2.3",
          "https://registry.example/@scope%2fpackage/-/package-1.2.3.tgz",
          "docker pull example.com:5000/name@sha256:e3b0c44298fc1c149afbf4c8996fb924",
          "https://user:$PASSWORD@host/ and https://user:****@host/",
          "eyJ is how JSON begins in base64",
          "secret_access_key = config.get('aws', 'secret_access_key')",
          "AWS_SECRET_ACCESS_KEY=${{ secrets.AWS_SECRET_ACCESS_KEY }}",
          "-----BEGIN PUBLIC KEY-----",
          "-----BEGIN CERTIFICATE REQUEST-----",
          "@@ -1,7 +1,7 @@ public final class Scrubber {",
          "const re = /sk-[a-zA-Z0-9]{20,}/;",
          "xai-org/grok-1 has 314000000000 parameters",
          "version 1.2.3-beta.4+build.5");

  /** Letters and digits mixed, and no punctuation at the ends, as real tokens have them. */
  private static String random(String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    text.setCharAt(0, '7');
    text.setCharAt(length - 1, alphabet.equals(HEX) ? 'a' : 'A');
    return text.toString();
  }

  @Test
  void everyKindIsHiddenInEveryPlace() {
    Scrubber scrubber = new Scrubber(List.of());
    List<String> leaks = new ArrayList<>();
    int positives = 0;
    for (Shape shape : SHAPES) {
      for (String place : PLACES) {
        String secret = shape.draw();
        String expected = place.formatted("[REDACTED:" + shape.kind() + "]");
        String scrubbed = scrubber.scrub(place.formatted(secret));
        positives++;
        if (!scrubbed.equals(expected)) {
          leaks.add(scrubbed + " from " + secret);
        }
      }
    }
    assertThat(leaks).isEmpty();
    assertThat(positives).isGreaterThan(400);
  }

  @Test
  void everyKindIsHiddenWhereverAStreamIsCut() {
    Scrubber scrubber = new Scrubber(List.of());
    for (Shape shape : SHAPES) {
      String secret = shape.draw();
      String text = "x ".repeat(5000) + secret + " y".repeat(5000);
      for (int cut = 10_000; cut <= 10_000 + secret.length(); cut++) {
        LineScrubber lines = scrubber.lines();
        StringBuilder out = new StringBuilder();
        lines.part(text.substring(0, cut), false, out::append);
        lines.part(text.substring(cut), true, out::append);
        assertThat(out.toString())
            .as("%s cut at %d", shape.prefix(), cut)
            .isEqualTo(text.replace(secret, "[REDACTED:" + shape.kind() + "]"));
      }
    }
  }

  @Test
  void whatOnlyLooksLikeASecretStays() {
    Scrubber scrubber = new Scrubber(List.of());
    List<UnaryOperator<String>> spoilings =
        List.of(
            // Too short, and broken in the middle by what no token has.
            secret -> secret.substring(0, Math.min(secret.length() - 1, prefixEnd(secret) + 6)),
            secret ->
                secret.substring(0, prefixEnd(secret)) + " " + secret.substring(prefixEnd(secret)),
            // In the prefix a letter too few, one in the other case, and one replaced.
            secret -> secret.substring(1),
            secret -> swapCase(secret.charAt(1), secret),
            secret -> secret.charAt(0) + "#" + secret.substring(2));
    List<String> taken = new ArrayList<>();
    int misses = 0;
    for (Shape shape : SHAPES) {
      for (UnaryOperator<String> spoiling : spoilings) {
        for (String place : List.of("%s", "TOKEN=%s", "{\"token\":\"%s\"}")) {
          String text = place.formatted(spoiling.apply(shape.draw()));
          misses++;
          if (!scrubber.scrub(text).equals(text)) {
            taken.add(text);
          }
        }
      }
    }
    for (String text : HARMLESS) {
      misses++;
      if (!scrubber.scrub(text).equals(text)) {
        taken.add(text);
      }
    }
    assertThat(taken).isEmpty();
    assertThat(misses).isGreaterThan(300);
  }

  private static int prefixEnd(String secret) {
    return SHAPES.stream()
        .map(Shape::prefix)
        .filter(secret::startsWith)
        .mapToInt(String::length)
        .max()
        .orElseThrow();
  }

  private static String swapCase(char letter, String secret) {
    char other =
        Character.isUpperCase(letter)
            ? Character.toLowerCase(letter)
            : Character.toUpperCase(letter);
    return secret.charAt(0) + String.valueOf(other) + secret.substring(2);
  }
}
