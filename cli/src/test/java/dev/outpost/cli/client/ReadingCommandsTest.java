package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed;
import dev.outpost.cli.Typed.Came;
import dev.outpost.cli.shell.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadingCommandsTest {
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

  @Test
  void statusShowsAllThatIsKnown() {
    Came came =
        api.says(
                """
                {"dispatchId":"dsp_1","status":"failed","agent":"claude","modelId":"opus",
                 "task":"Fix it.\\nThen test.","repo":"a/b","branch":null,
                 "progress":{"percent":100,"message":"failed"},
                 "createdAt":"2026-03-01T11:00:00Z","startedAt":"2026-03-01T11:00:09Z",
                 "endedAt":"2026-03-01T11:02:05Z","exitCode":3,"cause":"agent_error",
                 "errorMessage":"it \\u001b]0;owned\\u0007 ended with 3","retryable":true,
                 "usage":{"inputTokens":12,"costUsd":null},"tags":{"team":"blue"}}
                """)
            .typed(dir)
            .run("status", "dsp_1");

    assertThat(came)
        .isEqualTo(
            new Came(
                0,
                """
                dispatch   dsp_1
                status     failed
                agent      claude (opus)
                repo       a/b
                task       Fix it.…
                accepted   2026-03-01T11:00:00Z  (1h 00m ago)
                started    2026-03-01T11:00:09Z
                ended      2026-03-01T11:02:05Z  (took 2m 05s)
                exit code  3
                cause      agent_error (worth another try)
                error      it ]0;owned ended with 3
                usage      inputTokens=12
                tags       team=blue
                """,
                ""));
  }

  @Test
  void logsAreReadPageByPageUntilTheEnd() {
    Came came =
        api.says(log("running", "{\"message\":\"one\"},{\"message\":\"\\u001b[2Jtwo\"}", 2))
            .says(log("running", "", 2))
            .says(log("success", "{\"message\":\"three\"}", 3))
            .says(log("success", "", 3))
            .typed(dir)
            .at(new Terminal(true, false, false, 80))
            .run("logs", "-f", "dsp_1");

    assertThat(came).isEqualTo(new Came(0, "one\n[2Jtwo\nthree\n", ""));
    assertThat(api.heard().stream().map(ScriptedApi.Heard::uri))
        .containsExactly(
            "/dispatch/dsp_1?logOffset=0&logLimit=1000",
            "/dispatch/dsp_1?logOffset=2&logLimit=1000",
            "/dispatch/dsp_1?logOffset=2&logLimit=1000&waitSeconds=2",
            "/dispatch/dsp_1?logOffset=3&logLimit=1000");
  }

  @Test
  void logsWithoutFollowStopAtWhatThereIs() {
    Came came =
        api.says(log("running", "{\"message\":\"one\",\"timestamp\":\"T\"}", 1))
            .says(log("running", "", 1))
            .typed(dir)
            .run("logs", "dsp_1", "--json");

    assertThat(came.out())
        .isEqualTo(
            "{\"dispatchId\":\"dsp_1\",\"status\":\"running\","
                + "\"logs\":[{\"message\":\"one\",\"timestamp\":\"T\"}],\"logOffset\":1}\n");
  }

  private static String log(String status, String lines, int offset) {
    return "{\"dispatchId\":\"dsp_1\",\"status\":\"%s\",\"logs\":[%s],\"logOffset\":%d}"
        .formatted(status, lines, offset);
  }

  @Test
  void listIsATableOfAllPages() {
    Came came =
        api.says("{\"dispatches\":[" + listed("dsp_1", "success") + "],\"nextCursor\":\"c/1\"}")
            .says("{\"dispatches\":[" + listed("dsp_2", "running") + "],\"nextCursor\":null}")
            .typed(dir)
            .run("list", "--all", "--status", "success", "--since", "2h", "--tag", "x y");

    assertThat(came)
        .isEqualTo(
            new Came(
                0,
                """
                ID     STATUS   AGENT   AGE     TOOK  REPO  TAGS
                dsp_1  success  script  5m 00s  1s    a/b   t=1
                dsp_2  running  script  5m 00s  -     a/b   t=1
                """,
                ""));
    String first = "/dispatch?status=success&tag=x%20y&since=2026-03-01T10%3A00%3A00Z&limit=100";
    assertThat(api.heard().stream().map(ScriptedApi.Heard::uri))
        .containsExactly(first, first + "&cursor=c%2F1");
  }

  private static String listed(String id, String status) {
    return """
        {"dispatchId":"%s","status":"%s","agent":"script","repo":"a/b","tags":{"t":"1"},
         "createdAt":"2026-03-01T11:55:00Z","endedAt":"2026-03-01T11:55:01Z"}
        """
        .formatted(id, status);
  }

  @Test
  void cancelSendsTheReason() throws IOException {
    Came came =
        api.says("{\"dispatchId\":\"dsp_1\",\"status\":\"completing\",\"message\":\"Stopping.\"}")
            .typed(dir)
            .run("cancel", "dsp_1", "--reason", "wrong branch");

    assertThat(came).isEqualTo(new Came(0, "dsp_1 completing: Stopping.\n", ""));
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(api.heard().getFirst().json()).containsEntry("reason", "wrong branch");
  }

  private void artifacts() {
    api.says(
        """
        {"dispatchId":"dsp_1","status":"success","artifacts":[
         {"type":"result","key":"t/dsp_1/result.json","url":"%1$s/r","sizeBytes":2,
          "contentType":"application/json"},
         {"type":"patch","key":"t/dsp_1/changes.patch","url":"%1$s/p?sig=1","sizeBytes":3,
          "contentType":"text/x-diff"}]}
        """
            .formatted(api.url()));
  }

  @Test
  void thePatchIsPrintedAsItIsAndTheKeyStaysHere() {
    artifacts();
    Came came = api.says(200, "--- a\r\n+ü").typed(dir).run("artifacts", "dsp_1", "--patch");

    assertThat(came).isEqualTo(new Came(0, "--- a\r\n+ü", ""));
    assertThat(api.heard().getLast().uri()).isEqualTo("/p?sig=1");
    assertThat(api.heard().getLast().headers()).doesNotContainKey("X-api-key");
  }

  @Test
  void artifactsAreListedOrDownloaded() throws IOException {
    artifacts();
    Came listed = api.typed(dir).run("artifacts", "dsp_1");
    artifacts();
    Came got =
        api.says(200, "{}")
            .says(200, "abc")
            .typed(dir)
            .run("artifacts", "dsp_1", "--download", "o");

    assertThat(listed.out())
        .isEqualTo(
            """
            FILE           BYTES  TYPE
            result.json    2      application/json
            changes.patch  3      text/x-diff
            """);
    assertThat(got.out())
        .isEqualTo(dir.resolve("o/result.json") + "\n" + dir.resolve("o/changes.patch") + "\n");
    assertThat(dir.resolve("o/changes.patch")).hasContent("abc");
    try (var files = Files.list(dir.resolve("o"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void noServerNamesAFileOutsideTheFolder() {
    Came came =
        api.says("{\"artifacts\":[{\"key\":\"x/..\",\"url\":\"" + api.url() + "/r\"}]}")
            .typed(dir)
            .run("artifacts", "dsp_1", "--download", "o");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err()).isEqualTo("outpost: not a file name: ..\n");
  }

  @Test
  void nothingAnswersThere() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;

    Came came = Typed.in(dir).run("status", "dsp_1", "--url", url + "/", "--key", "k", "--json");

    assertThat(came.exit()).isEqualTo(4);
    assertThat(came.err())
        .isEqualTo(
            "outpost: "
                + url
                + " does not answer: connection refused\n"
                + "  is it running? start it with: outpost up\n");
    assertThat(came.out()).startsWith("{\"error\":{\"code\":\"UNREACHABLE\"").hasLineCount(1);
  }

  @Test
  void anAnswerThatIsNoJsonIsToldAsSuch() {
    Came came = api.says(200, "<html>").typed(dir).run("list");

    assertThat(came.exit()).isEqualTo(5);
    assertThat(came.err()).contains("answered 200 and no JSON; is it an Outpost API?");
  }

  @Test
  void theCredentialsFileIsFoundInTheFolder() throws IOException {
    credentials();
    api.says("{\"dispatches\":[]}");

    Came came = Typed.in(dir).run("list");

    assertThat(came.exit()).isZero();
    assertThat(api.heard().getFirst().headers().get("X-api-key")).containsExactly("otp_file");
  }

  @Test
  void theFilesKeyIsNotSentToAnotherAddress() throws IOException {
    credentials();

    Came came = Typed.in(dir).run("list", "--url", "http://127.0.0.1:1");

    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).startsWith("outpost: no API key for http://127.0.0.1:1\n");
  }

  private void credentials() throws IOException {
    Files.createDirectories(dir.resolve(".outpost"));
    Files.writeString(
        dir.resolve(".outpost/credentials.json"),
        "{\"url\":\"%s\",\"operatorKey\":\"otp_op\",\"tenantId\":\"t\",\"apiKey\":\"otp_file\"}"
            .formatted(api.url()));
  }
}
