package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.Spec;
import dev.outpost.ecs.EcsConfig;
import dev.outpost.ecs.EcsRuns;
import dev.outpost.launch.Runs;
import dev.outpost.launch.Runs.Order;
import dev.outpost.launch.Runs.Sighting;
import dev.outpost.launch.Runs.Start;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The deployed adapter on the Fargate stand-in: neither knows of the other. */
@Timeout(60)
// Its tasks have one dispatch, by whose name what is left of them is ended.
@ResourceLock("LocalEcs")
class EcsRunsOnProcessesTest {
  private static final DispatchId ID = new DispatchId(LocalEcs.DISPATCH);
  private static final EcsConfig CONFIG =
      new EcsConfig(
          "local",
          URI.create("http://127.0.0.1:1"),
          "outpost",
          List.of(),
          List.of(),
          false,
          Optional.empty(),
          List.of());

  @TempDir Path directory;
  private LocalEcs local;
  private Runs runs;

  @BeforeEach
  void start() {
    local =
        LocalEcs.open(
            directory,
            "trap 'exit 143' TERM; test \"$OUTPOST_CLAIM_TOKEN\" = one-time || exit 9; "
                + "while :; do sleep 0.05; done");
    runs = new EcsRuns(local.ecs, CONFIG, InstantSource.system());
  }

  @AfterEach
  void stop() throws Exception {
    local.close();
    TaskTree.endAll(directory);
  }

  @Test
  void anOrderRunsIsFoundAndIsStopped() throws Exception {
    String definition = runs.taskDefinition("script").orElseThrow();
    Order order = new Order(ID, 1, definition, "one-time", Optional.empty());
    assertThat(runs.start(order)).isInstanceOf(Start.Started.class);
    String arn = ((Start.Started) runs.start(order)).taskArn();
    assertThat(local.ecs.listTasks(r -> r.cluster("outpost")).taskArns()).containsExactly(arn);
    assertThat(runs.start(new Order(ID, 1, definition, "another", Optional.empty())))
        .as("the task of a token in use is adopted")
        .isEqualTo(new Start.Started(arn));

    local.until("RUNNING");
    Sighting.Alive alive = new Sighting.Alive(OptionalInt.of(1), arn);
    assertThat(runs.find(launched(definition, Optional.of(arn)))).isEqualTo(alive);
    assertThat(runs.find(launched(definition, Optional.empty()))).isEqualTo(alive);

    runs.stop(arn, "Cancelled.");
    local.until("STOPPED");
    assertThat(runs.find(launched(definition, Optional.empty())))
        .isInstanceOfSatisfying(
            Sighting.Stopped.class, stopped -> assertThat(stopped.event().exitCode()).isPresent());
    runs.stop(LocalTask.arn("gone"), "Cancelled.");
    assertThat(runs.find(launched(definition, Optional.of(LocalTask.arn("gone")))))
        .isEqualTo(new Sighting.None());
  }

  @Test
  void whatTheMachineCannotRunIsToldApart() {
    String definition = runs.taskDefinition("script").orElseThrow();
    TaskSize huge = new TaskSize(16_384, 122_880, OptionalInt.empty());
    assertThat(runs.start(new Order(ID, 1, definition, "one-time", Optional.of(huge))))
        .isInstanceOf(Start.NoCapacity.class);
    assertThat(runs.start(new Order(ID, 1, definition + "0", "one-time", Optional.empty())))
        .isInstanceOf(Start.Refused.class);
    assertThat(runs.taskDefinition("unknown")).isEmpty();
  }

  private static Dispatch launched(String definition, Optional<String> arn) {
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello world",
            Optional.empty(),
            new Workspace(Optional.empty(), Optional.empty(), Workspace.Init.NONE),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty());
    return Dispatch.accepted(ID, TenantId.INSTALLATION, spec, now)
        .in(new DispatchState.Provisioning(new Launch(1, now, definition, arn)));
  }
}
