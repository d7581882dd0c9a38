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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A machine that is killed in the middle of its work, by the only means that leaves it no moment:
 * whatever it had accepted comes to a true end after its next start, and nothing is done twice.
 */
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

  @TempDir private Path folder;
  private Path data;
  private Path done;
  private UpProcess up;
  private int port;

  @BeforeEach
  void start() throws Exception {
    data = folder.resolve("data");
    done = folder.resolve("done.txt");
    up = UpProcess.start(data, 0);
    port = up.port();
  }

  @AfterEach
  void stop() throws Exception {
    up.close();
  }

  private void killAndStartAgain() throws Exception {
    up.kill();
    up = UpProcess.start(data, port);
  }

  private Sent send(ApiClient api, String name, String rest, int exitCode) throws Exception {
    String task = "echo " + name + " >> '" + done + "'; " + rest;
    String id = api.dispatch(Map.of("agent", "script", "task", task, "timeoutSeconds", 120));
    return new Sent(name, id, api, exitCode == 0 ? "success" : "failed", exitCode);
  }

  /** The names that agents wrote, in their order. */
  private List<String> written() throws IOException {
    return Files.exists(done) ? Files.readAllLines(done) : List.of();
  }

  @SuppressWarnings("unchecked")
  private static List<String> statuses(ApiClient api) throws Exception {
    return ((List<Map<String, Object>>) api.get("/dispatch?limit=100").data().get("dispatches"))
        .stream().map(one -> (String) one.get("status")).toList();
  }

  /** A tenant that may run one task at a time. */
  private Map<?, ?> smallTenant() throws IOException {
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
    return JSON.std.mapFrom(came.out());
  }

  @ParameterizedTest
  @EnumSource
  void afterAKillNothingIsLostAndNothingIsDoneTwice(Moment moment) throws Exception {
    ApiClient api = up.api();
    Map<?, ?> small = smallTenant();
    ApiClient one = up.api((String) ((Map<?, ?>) small.get("apiKey")).get("key"));
    List<Sent> sent = new ArrayList<>();
    sent.add(send(one, "holds-the-only-slot", "sleep 2", 0));
    for (int i = 0; i < 3; i++) {
      sent.add(send(api, "long-" + i, "sleep 3", 0));
    }
    sent.add(send(api, "fails", "exit 3", 3));
    for (int i = 0; i < 6; i++) {
      sent.add(send(api, "short-" + i, "true", 0));
    }
    sent.add(send(one, "waits-for-the-slot", "true", 0));
    switch (moment) {
      case AFTER_POST -> {
        // Now.
      }
      case PROVISIONING ->
          Poll.until("provisioning", PATIENCE, () -> statuses(api).contains("provisioning"));
      case RUNNING ->
          Poll.until(
              "agents at work",
              PATIENCE,
              () -> written().stream().anyMatch(name -> name.startsWith("long")));
      case FINISHED ->
          Poll.until(
              "agents ended",
              PATIENCE,
              () -> written().stream().anyMatch(name -> name.startsWith("short")));
    }
    killAndStartAgain();

    Map<Sent, Map<String, Object>> ends = new LinkedHashMap<>();
    for (Sent each : sent) {
      Map<String, Object> end = each.api().awaitEnd(each.id());
      assertThat(end)
          .as("%s: %s", each.name(), end)
          .containsEntry("status", each.status())
          .containsEntry("exitCode", each.exitCode());
      ends.put(each, end);
    }
    assertThat(written())
        .containsExactlyInAnyOrderElementsOf(sent.stream().map(Sent::name).toList());
    for (Sent each : sent) {
      if (each.status().equals("success")) {
        assertThat(JSON.std.mapFrom(each.api().artifact(each.id(), "result")))
            .containsEntry("outcome", "success")
            .containsEntry("dispatchId", each.id());
      }
    }

    killAndStartAgain();
    for (Map.Entry<Sent, Map<String, Object>> end : ends.entrySet()) {
      assertThat(end.getKey().api().status(end.getKey().id())).isEqualTo(end.getValue());
    }
    assertThat(written()).hasSize(sent.size());
    up.kill();
    assertNoSlotIsHeld((String) small.get("tenantId"));
  }

  private void assertNoSlotIsHeld(String otherTenant) throws IOException {
    try (EmbeddedStore store = EmbeddedStore.open(data.resolve("outpost.mv"))) {
      EmbeddedDispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));
      for (String tenant : List.of(up.credentials().tenantId(), otherTenant)) {
        assertThat(dispatches.slots(new TenantId(tenant))).isEmpty();
      }
    }
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
    ApiClient api = up.api();
    Spread spread = spread(api, "of-killed-runner");
    TaskTree.kill(TaskTree.runner(spread.id()));
    assertThat(api.awaitEnd(spread.id()))
        .containsEntry("status", "failed")
        .containsEntry("cause", "task_terminated")
        .containsEntry("exitCode", 137)
        .containsEntry("retryable", true);
    assertNothingSurvives(spread);
  }

  @Test
  void aKilledAgentIsAnAgentThatFailed() throws Exception {
    ApiClient api = up.api();
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
    Spread spread = spread(up.api(), "of-killed-task");
    up.kill();
    Set<Long> all = TaskTree.of(spread.id());
    all.forEach(TaskTree::kill);
    assertNothingSurvives(spread);
    up = UpProcess.start(data, port);
    assertThat(up.api().awaitEnd(spread.id()))
        .containsEntry("status", "failed")
        .containsEntry("cause", "task_terminated")
        .containsEntry("exitCode", 137);
  }

  @Test
  void aCancelThatWasAcceptedBeforeTheKillIsCarriedOut() throws Exception {
    ApiClient api = up.api();
    Spread spread = spread(api, "of-cancelled");
    ApiClient.Answer cancel = api.send("DELETE", "/dispatch/" + spread.id(), Optional.empty());
    assertThat(cancel.status()).isEqualTo(200);
    killAndStartAgain();
    assertThat(up.api().awaitEnd(spread.id()))
        .containsEntry("status", "cancelled")
        .containsEntry("cause", "cancelled");
    assertNothingSurvives(spread);
  }
}
