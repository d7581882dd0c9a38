package dev.outpost.functions.api;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A field of {@code POST /dispatch}, a value that it must not have, and what is told of it. */
final class WrongFields {
  private static final String TASK = "Write the test that is missing.";

  private WrongFields() {}

  static Stream<Arguments> all() {
    return Stream.of(
            task(),
            agents(),
            repos(),
            branches(),
            workspaces(),
            timeouts(),
            sizes(),
            tags(),
            budgets(),
            others(),
            unknown())
        .flatMap(stream -> stream);
  }

  private static Stream<Arguments> task() {
    return Stream.of(
        wrong("task", null, "is missing"),
        wrong("task", "", "must have 10 to 50000 characters; it has 0"),
        wrong("task", "too short", "it has 9"),
        wrong("task", "x".repeat(50_001), "it has 50001"),
        wrong("task", "😀".repeat(9), "it has 9"),
        wrong("task", " ".repeat(20), "it is blank"),
        wrong("task", "with a NUL \0 in it", "NUL character (at position 11)"),
        wrong("task", "half a pair \ud83d here", "half of a surrogate pair (at position 12)"),
        wrong("task", "the other half \ude00 here", "half of a surrogate pair"),
        wrong("task", 12, "must be a string, not a number"),
        wrong("task", List.of("a"), "must be a string, not a list"),
        wrong("task", Map.of("text", TASK), "must be a string, not an object"));
  }

  private static Stream<Arguments> agents() {
    return Stream.of(
        wrong("agent", null, "is missing; it must be one of claude, codex, gemini, aider, grok"),
        wrong("agent", "Claude", "must be one of claude"),
        wrong("agent", "", "must be one of claude"),
        wrong("agent", true, "must be a string, not true or false"),
        wrong("agent", Map.of(), "must be a string, not an object"),
        wrong("agent", "script", "script is not enabled on this installation"),
        wrong("modelId", "gpt-5.2-codex", "must be one of the agent's models, claude-opus-4-5"),
        wrong("modelId", "", "or one of the aliases"),
        wrong("modelId", 4, "must be a string, not a number"),
        wrong("context", "big", "must be one of minimal, standard, full"),
        wrong("context", "Standard", "must be one of minimal, standard, full"),
        wrong("context", 600, "must be a string, not a number"));
  }

  private static Stream<Arguments> repos() {
    return Stream.of(
        wrong("repo", "", "must have 1 to 500 characters"),
        wrong("repo", "x".repeat(501), "must have 1 to 500 characters"),
        wrong("repo", "just-a-name", "it must be owner/name or https://host/path"),
        wrong("repo", "owner/name/more", "it must be owner/name"),
        wrong("repo", "owner/..", "must name a repository"),
        wrong("repo", "-owner/name", "must not begin with a dash"),
        wrong("repo", "--upload-pack=touch /tmp/x", "must not contain spaces"),
        wrong("repo", "owner/na me", "must not contain spaces"),
        wrong("repo", "https://example.org/a\nb", "must not contain spaces, control characters"),
        wrong("repo", "ext::sh -c touch%20/tmp/x", "must not contain spaces"),
        wrong("repo", "ext::sh", "must not contain ::"),
        wrong("repo", "http://example.org/a/b", "it must be owner/name or https"),
        wrong("repo", "git://example.org/a/b", "it must be owner/name or https"),
        wrong("repo", "javascript:alert(1)", "it must be owner/name or https"),
        wrong("repo", "file:///srv/git/a", "must not use file on this installation"),
        wrong("repo", "file:/srv/git/a", "must not use file on this installation"),
        wrong("repo", "https://user:hunter2@example.org/a", "must not carry credentials"),
        wrong("repo", "https://ghp_token@github.com/a/b", "must not carry credentials"),
        wrong("repo", "ssh://git:hunter2@example.org/a", "must not carry credentials"),
        wrong("repo", "https:///a/b", "must name a host"),
        wrong("repo", "https://example.org", "must name a repository"),
        wrong("repo", "https://example.org/", "must name a repository"),
        wrong("repo", "https://example.org/a?token=1", "must not have a query"),
        wrong("repo", "https://example.org/a#b", "must not have a query or a fragment"),
        wrong("repo", "ssh://-oProxyCommand=x/a", "must name a host"),
        wrong("repo", "ssh://git@example.org/-a", "must name a repository"),
        wrong("repo", "git@example.org:-a", "it must be owner/name"),
        wrong("repo", "https://example.org/%zz", "must be a well-formed address"),
        wrong("repo", 7, "must be a string, not a number"));
  }

  private static Stream<Arguments> branches() {
    return Stream.concat(
        Stream.of(
                "",
                "-b",
                "a..b",
                "a b",
                "a~1",
                "a^",
                "a:b",
                "a?",
                "a*",
                "a[b",
                "a\\b",
                "/a",
                "a/",
                "a//b",
                ".a",
                "a/.b",
                "a.lock",
                "a.lock/b",
                "a.",
                "a@{1}",
                "@",
                "HEAD",
                "a\u0007b",
                "x".repeat(256))
            .map(name -> wrong("branch", name, "must")),
        Stream.of(wrong("branch", false, "must be a string, not true or false")));
  }

  private static Stream<Arguments> workspaces() {
    return Stream.of(
        wrong("workspaceMode", "persistent", "can't be persistent without a repo"),
        wrong("workspaceName", "nightly", "has no meaning unless workspaceMode is persistent"),
        wrong("workspaceBusy", "wait", "has no meaning unless workspaceMode is persistent"),
        wrong("workspaceBusy", "queue", "must be one of wait, reject"),
        wrong("workspaceName", 7, "must be a string, not a number"),
        wrong("workspaceMode", "eternal", "must be one of ephemeral, persistent"),
        wrong("workspaceInitMode", "shallow", "must be one of full, minimal, none"),
        wrong("workspaceInitMode", "full", "must be none or left out where there is no repo"),
        wrong("workspaceInitMode", "minimal", "must be none or left out where there is no repo"),
        wrong("workspaceInitMode", 1, "must be a string, not a number"));
  }

  private static Stream<Arguments> timeouts() {
    return Stream.of(
        wrong("timeoutSeconds", 29, "must be at least 30"),
        wrong("timeoutSeconds", 0, "must be at least 30"),
        wrong("timeoutSeconds", -1, "must be at least 30"),
        wrong("timeoutSeconds", 601, "must be at most 600, the maximum of the tier starter"),
        wrong("timeoutSeconds", 99_999_999_999L, "is out of range"),
        wrong("timeoutSeconds", 60.5, "must be a whole number, not a fraction"),
        wrong("timeoutSeconds", "600", "must be a whole number, not a string"));
  }

  private static Stream<Arguments> sizes() {
    String size = "resourceConstraints";
    return Stream.of(
        wrong(size, 5, "must be an object, not a number"),
        wrong(size + ".maxMemoryMb", 1000, "with 2048 CPU units the memory must be 4096 to 16384"),
        wrong(size + ".maxMemoryMb", 2048, "(the agent's CPU)"),
        wrong(size + ".maxMemoryMb", "4096", "must be a whole number, not a string"),
        wrong(size + ".maxCpuUnits", 1000, "must be one of 256, 512, 1024, 2048"),
        wrong(size + ".maxCpuUnits", 256, "the memory must be 512, 1024 or 2048 MB"),
        wrong(size + ".maxCpuUnits", 4096, "give maxMemoryMb too"),
        wrong(size + ".maxDiskGb", 20, "must be 21 to 200"),
        wrong(size + ".maxDiskGb", 201, "must be 21 to 200"),
        wrong(size + ".maxDisk", 30, "is not known; did you mean maxDiskGb?"));
  }

  private static Stream<Arguments> tags() {
    Map<String, String> many =
        IntStream.range(0, 21).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v"));
    return Stream.of(
        wrong("tags", List.of("a", "b"), "must be an object, not a list"),
        wrong("tags", "a", "must be an object, not a string"),
        wrong("tags", many, "must have at most 20 entries; it has 21"),
        wrong("tags", Map.of("", "v"), "must have names of 1 to 64 characters"),
        wrong("tags", Map.of("k".repeat(65), "v"), "must have names of 1 to 64 characters"),
        wrong("tags", Map.of("a\nb", "v"), "has a name that must not contain control characters"),
        wrong("tags.team", 5, "must be a string"),
        wrong("tags.team", List.of("web"), "must be a string"),
        wrong("tags.team", "v".repeat(257), "must have at most 256 characters"),
        wrong("tags.team", "a\u0000b", "must not contain control characters"));
  }

  private static Stream<Arguments> budgets() {
    return Stream.of(
        wrong("maxCostUsd", 0, "must be more than 0"),
        wrong("maxCostUsd", -0.5, "must be more than 0"),
        wrong("maxCostUsd", 100_001, "must be at most 100000"),
        wrong("maxCostUsd", "5", "must be a number, not a string"),
        wrong("maxTokens", 999, "must be at least 1000"),
        wrong("maxTokens", 5000.5, "must be a whole number, not a fraction"),
        wrong("maxTokens", 99_999_999_999L, "is out of range"));
  }

  private static Stream<Arguments> others() {
    return Stream.of(
        wrong(
            "additionalSecrets",
            Collections.nCopies(21, "A_KEY"),
            "must have at most 20 names; it has 21"),
        wrong("additionalSecrets", "MY_KEY", "must be a list, not a string"),
        wrong("idempotencyKey", "", "must have 1 to 128 visible ASCII characters"),
        wrong("idempotencyKey", "k".repeat(129), "must have 1 to 128 visible ASCII characters"),
        wrong("idempotencyKey", "two words", "must have 1 to 128 visible ASCII characters"),
        wrong("idempotencyKey", "schlüssel", "must have 1 to 128 visible ASCII characters"),
        wrong("idempotencyKey", 7, "must be a string, not a number"),
        wrong("expiresAt", "tomorrow", "must be a time in ISO-8601"),
        wrong("expiresAt", "2026-11-23T00:00:00", "with its offset from UTC"),
        wrong("expiresAt", "2026-11-22T21:20:30Z", "must be in the future"),
        wrong("expiresAt", "2020-01-01T00:00:00Z", "must be in the future"),
        wrong("expiresAt", "2026-11-30T21:20:30Z", "must be at most 7 days from now"),
        wrong("expiresAt", 1795382430, "must be a string, not a number"));
  }

  private static Stream<Arguments> unknown() {
    return Stream.of(
        wrong("timeout", 600, "did you mean timeoutSeconds?"),
        wrong("timeout_seconds", 600, "did you mean timeoutSeconds?"),
        wrong("model", "opus", "did you mean modelId?"),
        wrong("repository", "a/b", "did you mean repo?"),
        wrong("Tags", Map.of(), "did you mean tags?"),
        wrong("frobnicate", 1, "is not known; known are parentId, agent, fallback, task, modelId"),
        wrong("x".repeat(64), 1, "is not known"));
  }

  private static Arguments wrong(String path, Object value, String told) {
    return Arguments.of(path, value, told);
  }
}
