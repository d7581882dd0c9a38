package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.promote.GitServer;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A repository that only a token opens, on a real git server. */
@Timeout(120)
class PrivateRepositoryTest {
  private static final String TOKEN = "tok/en+of:the tenant's";
  private static final String WRITTEN = "tok%2Fen%2Bof%3Athe%20tenant%27s";

  @TempDir private Path directory;
  private GitServer server;
  private LocalRun run;
  private String base;

  @BeforeEach
  void serve() throws IOException {
    server = new GitServer(Files.createDirectory(directory.resolve("served")), TOKEN);
    base = server.create("octo/shop");
    run = new LocalRun(directory);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String url(String credentials) {
    return server.url("octo/shop").replace("http://", "http://" + credentials);
  }

  /** The command lines of all processes. */
  private static List<String> processes() {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("\\d+"))
          .map(PrivateRepositoryTest::commandLine)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), ISO_8859_1).replace('\0', ' ');
    } catch (IOException _) {
      // It ended while it was looked at.
      return "";
    }
  }

  @Test
  void theTokenOpensItAndIsSeenNowhere() throws IOException {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    server.whileServing(() -> seen.addAll(processes()));
    String script =
        "cat .git/config; env; git remote -v; git config --list; echo three >> README.md";
    try (LocalGateway gateway =
        new LocalGateway(
            Jobs.script(script).in(url("x-access-token:" + WRITTEN + "@"), "main").job())) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.result().failure()).isEmpty();
      assertThat(gateway.result().baseCommit()).contains(base);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH)).contains("+three");
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains(server.url("octo/shop"));
      assertThat(run.log()).contains("[remote \\\"origin\\\"]");
      for (String text : gateway.artifacts().values()) {
        assertThat(text).doesNotContain(TOKEN, WRITTEN);
      }
      assertThat(run.log()).doesNotContain(TOKEN, WRITTEN);
      // The agent could have read it where it was not scrubbed.
      assertThat(Files.readString(directory.resolve("run/tree/.git/config")))
          .contains(server.url("octo/shop"))
          .doesNotContain(TOKEN, WRITTEN, "x-access-token", "credential");
    }
    assertThat(seen).anyMatch(line -> line.contains("clone") && line.contains("octo/shop"));
    assertThat(seen).noneMatch(line -> line.contains(TOKEN) || line.contains(WRITTEN));
  }

  @Test
  void withoutATokenItCannotBeTold() throws IOException {
    try (LocalGateway gateway = new LocalGateway(Jobs.script("true").in(url(""), "main").job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.REPO_NOT_FOUND);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains(
              server.url("octo/shop"), "does not exist, or this installation may not read it");
    }
  }

  @Test
  void aWrongTokenIsNoMoreThanNone() throws IOException {
    try (LocalGateway gateway =
        new LocalGateway(
            Jobs.script("true").in(url("x-access-token:wrong-token@"), "main").job())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.REPO_NOT_FOUND);
      assertThat(run.log()).doesNotContain("wrong-token");
    }
  }
}
