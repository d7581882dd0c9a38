package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import dev.outpost.cli.shell.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DispatchCommandTest {
  private static final String ACCEPTED =
      "{\"dispatchId\":\"dsp_1\",\"status\":\"pending\",\"agent\":\"script\"}";

  @TempDir private Path dir;
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String seen(String status, int percent, String more) {
    return """
        {"dispatchId":"dsp_1","status":"%s","agent":"script","logs":[],
         "progress":{"percent":%d,"message":"at it"},
         "createdAt":"2026-03-01T11:59:48Z"%s}
        """
        .formatted(status, percent, more);
  }

  private static String end(String status, String more) {
    return seen(status, 100, ",\"endedAt\":\"2026-03-01T11:59:56Z\"" + more);
  }

  @Test
  void printsTheIdOnlyWhenNobodyWatches() {
    Came came = api.says(ACCEPTED).typed(dir).run("dispatch", "-a", "script", "echo hello world");

    assertThat(came).isEqualTo(new Came(0, "dsp_1\n", ""));
  }

  @Test
  void sendsWhatWasTyped() throws IOException {
    Files.createDirectories(dir.resolve("a repo/.git"));

    api.says(ACCEPTED)
        .typed(dir)
        .reading("from standard input")
        .run(
            "dispatch",
            "--agent",
            "claude",
            "--repo",
            "a repo",
            "--branch",
            "main",
            "--model",
            "opus",
            "--timeout",
            "90",
            "--tag",
            "a=b",
            "--tag",
            "c=d=e",
            "--context",
            "full",
            "--init",
            "minimal",
            "--idempotency-key",
            "once",
            "-");

    assertThat(api.heard()).hasSize(1);
    ScriptedApi.Heard heard = api.heard().getFirst();
    assertThat(heard.method()).isEqualTo("POST");
    assertThat(heard.uri()).isEqualTo("/dispatch");
    assertThat(heard.headers())
        .containsEntry("X-api-key", List.of("otp_k"))
        .containsEntry("Idempotency-key", List.of("once"));
    assertThat(heard.json())
        .containsExactly(
            Map.entry("agent", "claude"),
            Map.entry("task", "from standard input"),
            Map.entry("repo", "file://" + dir.toUri().getRawPath() + "a%20repo"),
            Map.entry("branch", "main"),
            Map.entry("modelId", "opus"),
            Map.entry("timeoutSeconds", 90),
            Map.entry("context", "full"),
            Map.entry("workspaceInitMode", "minimal"),
            Map.entry("tags", Map.of("a", "b", "c", "d=e")));
  }

  @Test
  void readsTheTaskFromAFile() throws IOException {
    Files.writeString(dir.resolve("task.md"), "do it\nwell — ünd gut");

    api.says(ACCEPTED).typed(dir).run("dispatch", "-a", "script", "@task.md");

    assertThat(api.heard().getFirst().json()).containsEntry("task", "do it\nwell — ünd gut");
  }

  @Test
  void aBrokenConnectionIsTriedOnceMoreWithTheSameKey() {
    Came came = api.hangsUp().says(ACCEPTED).typed(dir).run("dispatch", "-a", "script", "echo");

    assertThat(came.exit()).isZero();
    List<List<String>> keys =
        api.heard().stream().map(heard -> heard.headers().get("Idempotency-key")).toList();
    assertThat(keys).hasSize(2);
    assertThat(keys.get(0)).isEqualTo(keys.get(1)).first().asString().startsWith("cli-");
  }

  @Test
  void followsInPlainLinesWhenAskedTo() {
    Came came =
        api.says(ACCEPTED)
            .says(seen("pending", 0, ""))
            .says(seen("running", 40, ""))
            .says(end("success", ""))
            .typed(dir)
            .run("dispatch", "--wait", "-a", "script", "echo");

    assertThat(came.exit()).isZero();
    assertThat(came.out()).isEqualTo("dsp_1\n");
    assertThat(came.err())
        .isEqualTo(
            """
            12s  pending  0%  at it
            12s  running  40%  at it
            8s  success  100%  at it
            success in 8s
            its changes:  outpost artifacts dsp_1 --patch | git apply
            """);
    assertThat(api.heard().get(2).uri()).isEqualTo("/dispatch/dsp_1?skipLogs=true&waitSeconds=20");
  }

  @Test
  void followsInOneLineOnATerminal() {
    Came came =
        api.says(ACCEPTED)
            .says(seen("running", 40, ""))
            .says(end("failed", ",\"cause\":\"agent_error\",\"errorMessage\":\"exit 3\""))
            .typed(dir)
            .at(new Terminal(true, true, true, 80))
            .run("dispatch", "-a", "script", "echo");

    assertThat(came.exit()).isEqualTo(1);
    assertThat(came.out()).isEqualTo("dsp_1\n");
    assertThat(came.err())
        .isEqualTo(
            "\r\u001b[K12s  \u001b[36mrunning\u001b[0m  40%  at it"
                + "\r\u001b[K8s  \u001b[31mfailed\u001b[0m  100%  at it"
                + "\r\u001b[K\u001b[31mfailed\u001b[0m in 8s\n"
                + "cause: agent_error\nexit 3\nits log:      outpost logs dsp_1\n");
  }

  @Test
  void howItEndedIsTheExitCode() {
    Map.of("success", 0, "failed", 1, "timeout", 124, "cancelled", 130)
        .forEach(
            (status, exit) -> {
              Came came =
                  api.says(end(status, "")).typed(dir).run("status", "--wait", "--json", "dsp_1");
              assertThat(came.exit()).as(status).isEqualTo(exit);
              assertThat(came.out()).startsWith("{\"dispatchId\":\"dsp_1\"").endsWith("}\n");
            });
  }

  @Test
  void aRestartOfTheApiDoesNotEndTheWait() {
    Came came =
        api.says(seen("running", 40, ""))
            .says(503, "{\"success\":false,\"error\":{\"code\":\"SERVICE_UNAVAILABLE\"}}")
            .says(end("success", ""))
            .typed(dir)
            .run("status", "--wait", "dsp_1");

    assertThat(came.exit()).isZero();
  }

  @Test
  void aRefusalIsToldWithAllItsErrors() {
    String refusal =
        """
        {"success":false,"error":{"code":"VALIDATION_ERROR","message":"Two things are wrong",
         "details":{"errors":[{"path":"task","message":"too short"},
                              {"path":"agent","message":"unknown"}]}}}
        """;
    Came came = api.says(400, refusal).typed(dir).run("dispatch", "-a", "x", "--json", "y");

    assertThat(came.exit()).isEqualTo(3);
    assertThat(came.err())
        .isEqualTo(
            """
            outpost: VALIDATION_ERROR: Two things are wrong
              task: too short
              agent: unknown
              try again in 7 s
            """);
    assertThat(came.out())
        .isEqualTo(
            "{\"error\":{\"code\":\"VALIDATION_ERROR\",\"message\":\"Two things are wrong\","
                + "\"details\":[\"task: too short\",\"agent: unknown\",\"try again in 7 s\"]}}\n");
  }

  @Test
  void aFolderThatIsNoRepositoryIsNotSent() throws IOException {
    Files.createDirectories(dir.resolve("repo/.git"));
    Files.createDirectories(dir.resolve("repo/inner"));

    Came inner = api.typed(dir).run("dispatch", "-a", "x", "-r", "repo/inner", "task");
    Came missing = api.typed(dir).run("dispatch", "-a", "x", "-r", "./nowhere", "task");

    assertThat(inner.exit()).isEqualTo(2);
    assertThat(inner.err())
        .contains("is not a git repository", "it lies inside one: --repo " + dir.resolve("repo"));
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no such folder");
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void namesAndAddressesOfRepositoriesGoAsTheyAre() throws IOException {
    for (String repo :
        List.of("owner/name", "https://host/a.git", "git@host:a/b.git", "file:///x/y")) {
      api.says(ACCEPTED).typed(dir).run("dispatch", "-a", "x", "-r", repo, "task");
      assertThat(api.heard().getLast().json()).containsEntry("repo", repo);
    }
  }

  @Test
  void typingErrorsNeedNoApi() {
    Came came = api.typed(dir).run("dispatch", "the task");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err())
        .isEqualTo(
            "outpost: Missing required option: '--agent=AGENT'\n  see: outpost dispatch --help\n");
    assertThat(api.heard()).isEmpty();
  }
}
