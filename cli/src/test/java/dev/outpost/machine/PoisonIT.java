package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.Typed;
import dev.outpost.cli.admin.Administration;
import dev.outpost.cli.admin.QueueName;
import dev.outpost.cli.control.ControlServer;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What can never be done, on a machine: it becomes a dead letter, its dispatch fails, nothing else
 * is held up, and a redrive has it tried once more.
 */
final class PoisonIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** So short that five receives pass in a moment. */
  private static final Duration HIDDEN = Duration.ofMillis(200);

  @TempDir private Path folder;
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final EmbeddedBackend backend =
      new EmbeddedBackend(store, HIDDEN, InstantSource.system());
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private Machine machine;
  private ControlServer control;
  private ApiClient api;

  @BeforeEach
  void start() throws IOException {
    DataDirectory data = DataDirectory.open(folder.resolve(".outpost"));
    machine = Machine.start(MachineConfig.usual(data, 0).heardBy(heard::add), backend, store);
    LocalCredentials credentials =
        FirstStart.credentials(data, backend, machine.url(), InstantSource.system());
    api = new ApiClient(machine.url(), credentials.apiKey());
    control =
        ControlServer.start(
            data.path(),
            () ->
                Administration.on(
                        backend::tenants,
                        backend::deadLetters,
                        InstantSource.system(),
                        new SecureRandom())
                    .commandLine());
  }

  @AfterEach
  void stop() throws Exception {
    control.close();
    machine.close();
    TaskTree.endAll(folder);
  }

  private Map<?, ?> typed(String... words) throws IOException {
    Typed.Came came = Typed.in(folder).run(words);
    assertThat(came.exit()).as(came.err()).isZero();
    return JSON.std.mapFrom(came.out());
  }

  private static Map<String, Object> quick() {
    return Map.of("agent", "script", "task", "echo hello there");
  }

  private boolean told(String id, String status) {
    return heard.stream().anyMatch(event -> event.contains(id) && event.contains(status));
  }

  @Test
  void aDispatchThatCanNeverBeLaunchedFailsAndHoldsUpNobody() throws Exception {
    Map<?, ?> tenant = typed("tenant", "create", "Spoilt", "spoilt@example.com", "--json");
    String id = (String) tenant.get("tenantId");
    ApiClient spoilt =
        new ApiClient(machine.url(), (String) ((Map<?, ?>) tenant.get("apiKey")).get("key"));
    String item = store.get("tenants", id).orElseThrow();
    store.change(tx -> tx.put("tenants", id, "{}"));

    String poison = spoilt.dispatch(quick());
    assertThat(spoilt.awaitEnd(poison))
        .containsEntry("status", "failed")
        .containsEntry("cause", "internal")
        .containsEntry("retryable", true);
    Poll.until("a dead letter", PATIENCE, () -> backend.deadLetters(QueueName.LAUNCH).count() == 1);
    String good = api.dispatch(quick());
    assertThat(api.awaitEnd(good)).containsEntry("status", "success");
    Poll.until("the good one's end is told", PATIENCE, () -> told(good, "success"));

    Typed.Came seen = Typed.in(folder).run("redrive", "--dry-run");
    assertThat(seen.out())
        .containsPattern("launch +1 +0")
        .containsPattern("task-events +0 +0")
        .contains(poison)
        .contains("5 times");
    store.change(tx -> tx.put("tenants", id, item));
    assertThat(typed("redrive", "--json").get("queues").toString())
        .contains("{queue=launch, deadLetters=1, moved=1}")
        .contains("{queue=task-events, deadLetters=0, moved=0}");
    Poll.until(
        "the letter has done its work",
        PATIENCE,
        () -> store.read(view -> view.ascending("queue/launch", "").findAny().isEmpty()));
    assertThat(backend.deadLetters(QueueName.LAUNCH).count()).isZero();
    assertThat(spoilt.status(poison)).containsEntry("status", "failed");
    assertThat(spoilt.awaitEnd(spoilt.dispatch(quick()))).containsEntry("status", "success");
  }

  @Test
  void newsThatMeansNothingIsADeadLetterAndHoldsUpNoOther() throws Exception {
    backend.sendTaskEvent("no JSON at all");
    backend.sendTaskEvent("{\"detail\":{}}");
    assertThat(api.awaitEnd(api.dispatch(quick()))).containsEntry("status", "success");
    Poll.until(
        "two dead letters",
        PATIENCE,
        () -> backend.deadLetters(QueueName.TASK_EVENTS).count() == 2);
    assertThat(typed("redrive", "--queue", "task-events", "--dry-run", "--json").toString())
        .contains("about=unreadable, 14 characters")
        .contains("receives=5");
    assertThat(typed("redrive", "--queue", "task-events", "--json").toString())
        .contains("deadLetters=2, moved=2");
    Poll.until(
        "dead letters again",
        PATIENCE,
        () -> backend.deadLetters(QueueName.TASK_EVENTS).count() == 2);
  }

  @Test
  void aQueueThatIsNoneIsAMistakeOfTheCommandLine() {
    Typed.Came came = Typed.in(folder).run("redrive", "--queue", "relay");
    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("there are launch, task-events, webhooks");
  }
}
