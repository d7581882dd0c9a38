package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.embedded.EmbeddedStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(60)
// Its tasks have one dispatch, by whose name what is left of them is ended.
@ResourceLock("LocalEcs")
class ProcessEcsRestartTest {
  /** Ends with code 5 as soon as it is let go. */
  private static final String HELD =
      "echo $$ > \"$OUTPOST_WORK_DIR/../../../started\"; "
          + "while [ ! -e \"$OUTPOST_WORK_DIR/../../../go\" ]; do sleep 0.02; done; exit 5";

  @TempDir Path directory;

  @AfterEach
  void endWhatRuns() throws Exception {
    TaskTree.endAll(directory);
  }

  @Test
  void aTaskGoesOnWhileNobodyWatchesAndIsTakenUpAgain() throws Exception {
    try (LocalEcs before = LocalEcs.open(directory, HELD)) {
      before.run(1);
      before.until("RUNNING");
      awaitStarted();
    }
    try (LocalEcs after = LocalEcs.open(directory, HELD)) {
      letGo();
      assertThat(exitCode(after.until("STOPPED"))).isEqualTo(5);
    }
  }

  @Test
  void theExitCodeOfATaskThatEndedMeanwhileIsKnown() throws Exception {
    long leader;
    try (LocalEcs before = LocalEcs.open(directory, HELD)) {
      before.run(1);
      before.until("RUNNING");
      leader = awaitStarted();
    }
    letGo();
    LocalEcs.await("the runner's end", () -> ProcessMark.of(leader).isEmpty());
    try (LocalEcs after = LocalEcs.open(directory, HELD)) {
      assertThat(exitCode(after.until("STOPPED"))).isEqualTo(5);
    }
  }

  @Test
  void aStopThatWasAskedForIsFinishedAfterARestart() throws Exception {
    String stubborn = "trap '' TERM; " + HELD;
    try (LocalEcs before = LocalEcs.open(directory, stubborn)) {
      String arn = before.run(1);
      before.until("RUNNING");
      awaitStarted();
      before.ecs.stopTask(r -> r.cluster("outpost").task(arn));
    }
    try (LocalEcs after = LocalEcs.open(directory, stubborn)) {
      List<Map<String, Object>> seen = after.until("STOPPED");
      assertThat(exitCode(seen)).isEqualTo(137);
      assertThat(seen.getLast()).containsEntry("stopCode", "UserInitiated");
    }
  }

  @Test
  void aKilledHostLosesNeitherItsTaskNorAnEvent() throws Exception {
    String arn = runAndKillHost();
    try (LocalEcs after = LocalEcs.open(directory, HELD)) {
      assertThat(after.run(1)).as("the same client token").isEqualTo(arn);
      letGo();
      List<Map<String, Object>> seen = after.until("STOPPED");
      assertThat(seen)
          .extracting(d -> d.get("lastStatus"))
          .containsExactly("PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED");
      assertThat(exitCode(seen)).isEqualTo(5);
    }
  }

  @Test
  void aTaskKilledTogetherWithItsHostHasExitCode137() throws Exception {
    runAndKillHost();
    long runner = awaitStarted();
    ProcessHandle handle = ProcessHandle.of(runner).orElseThrow();
    ProcessHandle leader = handle.parent().orElseThrow();
    assertThat(leader.destroyForcibly()).isTrue();
    assertThat(handle.destroyForcibly()).isTrue();
    LocalEcs.await("their end", () -> ProcessMark.of(runner).isEmpty());
    try (LocalEcs after = LocalEcs.open(directory, HELD)) {
      assertThat(exitCode(after.until("STOPPED"))).isEqualTo(137);
    }
  }

  @Test
  void anEventThatIsRefusedIsOfferedAgainInItsTurn() throws Exception {
    List<Map<String, Object>> taken = Collections.synchronizedList(new ArrayList<>());
    List<Object> refused = Collections.synchronizedList(new ArrayList<>());
    EventSink sink =
        event -> {
          Map<String, Object> detail = LocalEcs.detail(Json.read(event));
          if (refused.size() < 3) {
            refused.add(detail.get("version"));
            throw new IllegalStateException("not now");
          }
          taken.add(detail);
        };
    try (EmbeddedStore store = EmbeddedStore.inMemory();
        ProcessEcs ecs =
            new ProcessEcs(
                store, LocalEcs.settings(directory, "exit 0"), sink, InstantSource.system())) {
      ecs.runTask(LocalEcs.request(1));
      LocalEcs.await("all events", () -> taken.size() == 5);
      assertThat(refused).containsOnly(1);
      assertThat(taken).extracting(d -> d.get("version")).containsExactly(1, 2, 3, 4, 5);
    }
  }

  private String runAndKillHost() throws IOException, InterruptedException {
    Process host =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--sun-misc-unsafe-memory-access=allow",
                "-Doutpost.test.dispatch=" + LocalEcs.DISPATCH,
                // Its standard output is for the task's name alone.
                "-Dlog4j2.configurationFile=log4j2-machine.xml",
                "-Doutpost.log=" + directory.resolve("host.log"),
                EcsHost.class.getName(),
                directory.toString(),
                HELD)
            .redirectError(directory.resolve("host.err").toFile())
            .start();
    try (BufferedReader out = host.inputReader()) {
      String arn = out.readLine();
      assertThat(arn).as("%s", directory.resolve("host.err")).isNotNull();
      awaitStarted();
      return arn;
    } finally {
      host.destroyForcibly();
      assertThat(host.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private long awaitStarted() throws InterruptedException {
    Path started = directory.resolve("started");
    LocalEcs.await("the runner's start", () -> read(started).endsWith("\n"));
    return Long.parseLong(read(started).strip());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException _) {
      return "";
    }
  }

  private void letGo() throws IOException {
    Files.createFile(directory.resolve("go"));
  }

  private static Object exitCode(List<Map<String, Object>> seen) {
    return ((Map<?, ?>) ((List<?>) seen.getLast().get("containers")).getFirst()).get("exitCode");
  }
}
