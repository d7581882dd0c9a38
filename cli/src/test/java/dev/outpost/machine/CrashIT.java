package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.Typed;
import dev.outpost.embedded.EmbeddedDispatches;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.EmbeddedStream;
import dev.outpost.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
 * A machine that is killed in the middle of its work, by the only means that leaves it no moment:
 * whatever it had accepted comes to a true end after its next start, and nothing is done twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** When the machine is killed. */
  enum Moment {
    /** The last request was just answered. */
    AFTER_POST,
    /** Runners are being started. */
    PROVISIONING,
    /** Agents are at work. */
    RUNNING,
    /** Agents have just ended, and their runners want to tell so. */
    FINISHED
  }

  /** A dispatch and what must come of it. */
  private record Sent(String name, String id, ApiClient api, String status, int exitCode) {}

  private final Map<Sent, Map<String, Object>> ends = new LinkedHashMap<>();
  private final Set<String> tenants = new HashSet<>();
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
    tenants.add(up.credentials().tenantId());
  }

  @AfterAll
  void whatHasEndedStaysAsItIsAndNoSlotIsHeld() throws Exception {
    try {
      killAndStartAgain();
      for (Map.Entry<Sent, Map<String, Object>> end : ends.entrySet()) {
        Sent sent = end.getKey();
        assertThat(sent.api().status(sent.id())).isEqualTo(end.getValue());
      }
    } finally {
      up.close();
    }
    try (EmbeddedStore store = EmbeddedStore.open(data.resolve("outpost.mv"))) {
      EmbeddedDispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));
      for (String tenant : tenants) {
        assertThat(dispatches.slots(new TenantId(tenant))).isEmpty();
      }
    }
  }

  private void killAndStartAgain() throws Exception {
    up.kill();
    up = UpProcess.start(data, port);
  }

  private static Sent send(ApiClient api, Path done, String name, String rest, int exitCode)
      throws Exception {
    String task = "echo " + name + " >> '" + done + "'; " + rest;
    String id = api.dispatch(Map.of("agent", "script", "task", task, "timeoutSeconds", 120));
    return new Sent(name, id, api, exitCode == 0 ? "success" : "failed", exitCode);
  }

  /** The names that agents wrote, in their order. */
  private static List<String> written(Path done) throws IOException {
    return Files.exists(done) ? Files.readAllLines(done) : List.of();
  }

  /** The key of a new tenant that may run one task at a time. */
  private Map<?, ?> keyOfSmallTenant() throws IOException {
    Typed.Came came =
        Typed.in(folder)
            .run(
                "tenant",
                "create",
                "Small",
                "small@example.com",
                "--json",
                "--data",
                data.toString());
    assertThat(came.exit()).as(came.err()).isZero();
    Map<String, Object> tenant = JSON.std.mapFrom(came.out());
    tenants.add((String) tenant.get("tenantId"));
    return (Map<?, ?>) tenant.get("apiKey");
  }

  @Test
  void killedAfterTheRequestsAndAgainWhileAgentsRun() throws Exception {
    nothingIsLostAndNothingIsDoneTwice(Moment.AFTER_POST, Moment.RUNNING);
  }

  @Test
  void killedWhileRunnersStartAndAgainWhenAgentsHaveEnded() throws Exception {
    nothingIsLostAndNothingIsDoneTwice(Moment.PROVISIONING, Moment.FINISHED);
  }

  private void nothingIsLostAndNothingIsDoneTwice(Moment... kills) throws Exception {
    Path done = folder.resolve(kills[0] + ".done");
    ApiClient api = ApiClient.of(up);
    ApiClient one = ApiClient.of(up, (String) keyOfSmallTenant().get("key"));
    List<Sent> sent = new ArrayList<>();
    sent.add(send(one, done, "holds-the-only-slot", "sleep 2", 0));
    for (int i = 0; i < 3; i++) {
      sent.add(send(api, done, "long-" + i, "sleep 3", 0));
    }
    sent.add(send(api, done, "fails", "exit 3", 3));
    for (int i = 0; i < 6; i++) {
      sent.add(send(api, done, "short-" + i, "true", 0));
    }
    sent.add(send(one, done, "waits-for-the-slot", "true", 0));
    for (Moment kill : kills) {
      sent.addAll(await(kill, api, done));
      killAndStartAgain();
    }

    for (Sent each : sent) {
      Map<String, Object> end = each.api().awaitEnd(each.id());
      assertThat(end)
          .as("%s: %s", each.name(), end)
          .containsEntry("status", each.status())
          .containsEntry("exitCode", each.exitCode());
      ends.put(each, end);
      if (each.status().equals("success")) {
        assertThat(JSON.std.mapFrom(each.api().artifact(each.id(), "result")))
            .containsEntry("outcome", "success")
            .containsEntry("dispatchId", each.id());
      }
    }
    assertThat(written(done))
        .containsExactlyInAnyOrderElementsOf(sent.stream().map(Sent::name).toList());
  }

  /** Waits for that moment, each but the first of a dispatch of its own, so that none is missed. */
  private static List<Sent> await(Moment moment, ApiClient api, Path done) throws Exception {
    return switch (moment) {
      case AFTER_POST -> List.of();
      case PROVISIONING -> {
        Sent last = send(api, done, "starts-at-the-kill", "true", 0);
        Poll.until(
            "its runner is being started",
            PATIENCE,
            () -> api.status(last.id()).get("status").equals("provisioning"));
        yield List.of(last);
      }
      case RUNNING -> List.of(written(send(api, done, "runs-at-the-kill", "sleep 2", 0), done));
      case FINISHED -> List.of(written(send(api, done, "ends-at-the-kill", "true", 0), done));
    };
  }

  private static Sent written(Sent sent, Path done) throws Exception {
    Poll.until(sent.name() + " is written", PATIENCE, () -> written(done).contains(sent.name()));
    return sent;
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
