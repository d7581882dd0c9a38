package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** A Fargate stand-in whose runner is a shell script, with what it tells. */
final class LocalEcs implements AutoCloseable {
  static final String FAMILY = "outpost-script-local";

  /**
   * Another one in each process: what a task leaves behind is searched for on the whole machine.
   */
  static final String DISPATCH =
      System.getProperty(
          "outpost.test.dispatch", DispatchId.next(new Ulids(InstantSource.system())).value());

  static final Duration BOUND = Duration.ofSeconds(20);

  final EmbeddedStore store;
  final ProcessEcs ecs;
  final LinkedBlockingQueue<Map<String, Object>> events = new LinkedBlockingQueue<>();

  private LocalEcs(EmbeddedStore store, ProcessEcs.Settings settings, InstantSource clock) {
    this.store = store;
    this.ecs = new ProcessEcs(store, settings, event -> events.add(Json.read(event)), clock);
  }

  /** Over the directory's own store, as after a restart if there was one before. */
  static LocalEcs open(Path directory, String script) {
    return open(directory, script, InstantSource.system());
  }

  static LocalEcs open(Path directory, String script, InstantSource clock) {
    return open(settings(directory, script), clock);
  }

  /** One whose tasks have plenty of time to stop in order. */
  static LocalEcs patient(Path directory, String script) {
    ProcessEcs.Settings usual = settings(directory, script);
    return open(
        new ProcessEcs.Settings(
            usual.directory(),
            usual.runner(),
            usual.environment(),
            usual.definitions(),
            BOUND,
            usual.machineMemoryMb()),
        InstantSource.system());
  }

  private static LocalEcs open(ProcessEcs.Settings settings, InstantSource clock) {
    return new LocalEcs(EmbeddedStore.open(settings.directory().resolve("store")), settings, clock);
  }

  static ProcessEcs.Settings settings(Path directory, String script) {
    return new ProcessEcs.Settings(
        directory,
        List.of("sh", "-c", script),
        System.getenv(),
        Map.of(FAMILY, new LocalTaskDefinition(512, 1024, 3)),
        Duration.ofMillis(700),
        16_384);
  }

  static RunTaskRequest request(int attempt) {
    return RunTaskRequest.builder()
        .cluster("outpost")
        .taskDefinition(FAMILY)
        .count(1)
        .clientToken(DISPATCH + attempt)
        .startedBy(DISPATCH)
        .overrides(
            TaskOverride.builder()
                .containerOverrides(
                    ContainerOverride.builder()
                        .name("agent")
                        .environment(
                            variable("OUTPOST_DISPATCH_ID", DISPATCH),
                            variable("OUTPOST_ATTEMPT", String.valueOf(attempt)))
                        .build())
                .build())
        .build();
  }

  private static KeyValuePair variable(String name, String value) {
    return KeyValuePair.builder().name(name).value(value).build();
  }

  /** Runs a task; its ARN. */
  String run(int attempt) {
    return ecs.runTask(request(attempt)).tasks().getFirst().taskArn();
  }

  Task task(String arn) {
    return ecs.describeTasks(r -> r.cluster("outpost").tasks(arn)).tasks().getFirst();
  }

  /** Waits for the event that says so, and gives the task's fields of all until then. */
  List<Map<String, Object>> until(String lastStatus) throws InterruptedException {
    List<Map<String, Object>> seen = new ArrayList<>();
    while (true) {
      Map<String, Object> event = events.poll(BOUND.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(event).as("an event, after %s", seen).isNotNull();
      seen.add(detail(event));
      if (seen.getLast().get("lastStatus").equals(lastStatus)) {
        return seen;
      }
    }
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> detail(Map<String, Object> event) {
    return (Map<String, Object>) event.get("detail");
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** As a restart does it: tasks go on. */
  @Override
  public void close() {
    ecs.close();
    store.close();
  }
}
