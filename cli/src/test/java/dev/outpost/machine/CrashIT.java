package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is told of tasks whose runner or agent was killed, and what is left of them: nothing. That
 * nothing is lost and nothing done twice is what {@link CrashCampaignIT} tries.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Path folder;
  private Path data;
  private UpProcess up;
  private int port;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    data = folder.resolve("data");
    up = UpProcess.start(data, 0);
    port = up.port();
  }

  @AfterAll
  void stop() throws Exception {
    up.close();
  }

  private void killAndStartAgain() throws Exception {
    up.kill();
    up = UpProcess.start(data, port);
  }

  /** A task that spreads over processes in every way that shells know, and their ids. */
  private String spreading(Path pids) {
    return """
        say() { echo "$1" >> '%s'; }
        sleep 600 & say $!
        (sleep 600 & say $!) &
        setsid sh -c 'echo $$ >> "%s"; exec sleep 600' &
        nohup sleep 600 > /dev/null 2>&1 & say $!
        echo $$ > '%s.agent'
        wait
        """
        .formatted(pids, pids, pids);
  }

  private static List<Long> pids(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.map(Long::parseLong).toList();
    }
  }

  private record Spread(String id, long agent, List<Long> pids) {}

  private Spread spread(ApiClient api, String name) throws Exception {
    Path file = folder.resolve(name);
    String id = api.dispatch(Map.of("agent", "script", "task", spreading(file)));
    Path agent = folder.resolve(name + ".agent");
    Poll.until(
        "all its processes", PATIENCE, () -> pids(file).size() == 4 && pids(agent).size() == 1);
    return new Spread(id, pids(agent).getFirst(), pids(file));
  }

  private static void assertNothingSurvives(Spread spread) throws Exception {
    Poll.until(
        "nothing of " + spread.id() + " lives",
        PATIENCE,
        () ->
            TaskTree.of(spread.id()).isEmpty()
                && spread.pids().stream().noneMatch(TaskTree::isAlive));
  }

  @Test
  void aKilledRunnerIsToldAsSuchAndLeavesNothingBehind() throws Exception {
    ApiClient api = ApiClient.of(up);
    Spread spread = spread(api, "of-killed-runner");
    TaskTree.kill(TaskTree.runner(TaskTree.of(spread.id())).orElseThrow());
    assertThat(api.awaitEnd(spread.id()))
        .containsEntry("status", "failed")
        .containsEntry("cause", "task_terminated")
        .containsEntry("exitCode", 137)
        .containsEntry("retryable", true);
    assertNothingSurvives(spread);
  }

  @Test
  void aKilledAgentIsAnAgentThatFailed() throws Exception {
    ApiClient api = ApiClient.of(up);
    Spread spread = spread(api, "of-killed-agent");
    TaskTree.kill(spread.agent());
    Map<String, Object> end = api.awaitEnd(spread.id());
    assertThat(end)
        .as("%s", end)
        .containsEntry("status", "failed")
        .containsEntry("cause", "agent_error")
        .containsEntry("exitCode", 137);
    assertNothingSurvives(spread);
  }

  @Test
  void aTaskThatIsKilledAsAWholeWhileTheMachineIsDownIsToldAfterTheNextStart() throws Exception {
    Spread spread = spread(ApiClient.of(up), "of-killed-task");
    up.kill();
    Set<Long> all = TaskTree.of(spread.id());
    all.forEach(TaskTree::kill);
    assertNothingSurvives(spread);
    up = UpProcess.start(data, port);
    assertThat(ApiClient.of(up).awaitEnd(spread.id()))
        .containsEntry("status", "failed")
        .containsEntry("cause", "task_terminated")
        .containsEntry("exitCode", 137);
  }

  @Test
  void aCancelThatWasAcceptedBeforeTheKillIsCarriedOut() throws Exception {
    ApiClient api = ApiClient.of(up);
    Spread spread = spread(api, "of-cancelled");
    ApiClient.Answer cancel = api.send("DELETE", "/dispatch/" + spread.id(), Optional.empty());
    assertThat(cancel.status()).isEqualTo(200);
    killAndStartAgain();
    assertThat(ApiClient.of(up).awaitEnd(spread.id()))
        .containsEntry("status", "cancelled")
        .containsEntry("cause", "cancelled");
    assertNothingSurvives(spread);
  }
}
