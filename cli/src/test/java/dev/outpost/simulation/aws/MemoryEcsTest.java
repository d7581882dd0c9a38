package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

class MemoryEcsTest extends EcsConformance {
  private final List<Map<String, Object>> events = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private Duration visibleAfter = Duration.ZERO;
  private final MemoryEcs ecs =
      new MemoryEcs(
          () -> now,
          new MemoryEcs.Settings("outpost", Set.of("outpost-script-local"), () -> visibleAfter),
          new MemoryEcs.Host() {
            @Override
            @SuppressWarnings("unchecked")
            public void event(String json) {
              try {
                events.add((Map<String, Object>) Json.object(json).get("detail"));
              } catch (dev.outpost.edge.MalformedJson e) {
                throw new IllegalStateException(e);
              }
            }

            @Override
            public void stopRequested(String taskArn) {
              ecs().exit(taskArn, 143);
            }
          });

  private MemoryEcs ecs() {
    return ecs;
  }

  @Override
  protected EcsClient client() {
    return ecs;
  }

  @Override
  protected void untilRunning(String arn) {
    String status = ecs.step(arn);
    while (!status.equals("RUNNING")) {
      status = ecs.step(arn);
    }
  }

  @Override
  protected void end(String arn, int code) {
    ecs.exit(arn, code);
  }

  @Override
  protected List<Map<String, Object>> untilStopped(String arn) {
    String status = ecs.step(arn);
    while (!status.equals("STOPPED")) {
      status = ecs.step(arn);
    }
    return events;
  }

  @Test
  void aNewTaskMayNotBeVisibleYetAndAStoppedOneIsForgottenAfterAnHour() {
    visibleAfter = Duration.ofSeconds(20);
    String arn =
        ecs.runTask(r -> r.cluster("outpost").taskDefinition("outpost-script-local"))
            .tasks()
            .getFirst()
            .taskArn();
    assertThat(ecs.describeTasks(d -> d.cluster("outpost").tasks(arn)).failures()).hasSize(1);
    assertThat(ecs.listTasks(l -> l.cluster("outpost")).taskArns()).isEmpty();
    now = now.plusSeconds(20);
    assertThat(ecs.describeTasks(d -> d.cluster("outpost").tasks(arn)).tasks()).hasSize(1);
    untilRunning(arn);
    end(arn, 0);
    untilStopped(arn);
    now = now.plus(MemoryEcs.STOPPED_KEPT);
    assertThat(ecs.describeTasks(d -> d.cluster("outpost").tasks(arn)).tasks()).hasSize(1);
    now = now.plusSeconds(1);
    assertThat(ecs.describeTasks(d -> d.cluster("outpost").tasks(arn)).failures()).hasSize(1);
  }
}
