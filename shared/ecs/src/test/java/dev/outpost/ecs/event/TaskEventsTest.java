package dev.outpost.ecs.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.DispatchEvent.Launched;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskEventsTest {
  private static final Instant NOW = Instant.parse("2026-01-23T19:00:00Z");
  private static final DispatchId ID = new DispatchId("dsp_01KC5Q8Z6V3M4N5P6Q7R8S9T0A");
  private static final String ARN =
      "arn:aws:ecs:eu-central-1:111122223333:task/outpost/c13b4cb40f1f4fe4a2971f76ae5a47ad";

  @ParameterizedTest
  @ValueSource(strings = {"running", "provisioning"})
  void aTaskThatHasNotStoppedWasLaunched(String event) throws IOException {
    assertThat(TaskEvents.of(detail(event), NOW))
        .contains(new TaskSeen(ID, new Launched(2, ARN, NOW)));
  }

  @ParameterizedTest
  @CsvSource({
    "exited, 0, ",
    "out-of-memory, 137, OUT_OF_MEMORY",
    "spot-interruption, 143, SPOT_INTERRUPTION",
    "image-not-pulled, , TASK_FAILED_TO_START",
    "stopped-by-user, 143, TASK_TERMINATED",
    "host-retired, 143, TASK_TERMINATED",
  })
  void aStopTellsItsExitCodeAndCause(String event, Integer exitCode, Cause cause)
      throws IOException {
    TaskStopped stopped = stopped(detail(event));
    assertThat(stopped.taskArn()).isEqualTo(ARN);
    assertThat(stopped.attempt()).hasValue(2);
    assertThat(stopped.at()).isEqualTo(Instant.parse("2026-01-23T18:02:58.103Z"));
    assertThat(stopped.exitCode())
        .isEqualTo(exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode));
    assertThat(stopped.failure().map(Failure::cause)).isEqualTo(Optional.ofNullable(cause));
  }

  @Test
  void whyATaskDidNotStartIsToldWithoutTheInstallationsNames() throws IOException {
    assertThat(stopped(detail("image-not-pulled")).failure().orElseThrow().message())
        .isEqualTo("The task stopped before its container ran (CannotPullContainerError).");
  }

  @Test
  void anOutOfMemoryReasonWithAnotherExitCodeIsNoProof() throws IOException {
    Map<String, Object> detail = detail("out-of-memory");
    detail.put(
        "containers",
        List.of(
            Map.of(
                "name", "agent", "exitCode", 1, "reason", "OutOfMemoryError: Container killed")));
    assertThat(stopped(detail).failure()).isEmpty();
  }

  @Test
  void theAgentsContainerCountsBesideOthers() throws IOException {
    Map<String, Object> detail = detail("exited");
    detail.put(
        "containers",
        List.of(Map.of("name", "sidecar", "exitCode", 9), Map.of("name", "agent", "exitCode", 3)));
    assertThat(stopped(detail).exitCode()).hasValue(3);
  }

  @Test
  void whatIsMissingIsUnknown() throws IOException {
    Map<String, Object> detail = detail("exited");
    detail.keySet().retainAll(List.of("startedBy", "taskArn", "lastStatus"));
    assertThat(TaskEvents.of(detail, NOW))
        .contains(
            new TaskSeen(
                ID,
                new TaskStopped(
                    OptionalInt.empty(), ARN, NOW, OptionalInt.empty(), Optional.empty())));
    detail.put("lastStatus", "RUNNING");
    assertThat(TaskEvents.of(detail, NOW)).isEmpty();
  }

  @Test
  void aTaskOfOthersIsNone() throws IOException {
    Map<String, Object> detail = detail("exited");
    detail.put("startedBy", "ecs-svc/9223370545345641169");
    assertThat(TaskEvents.of(detail, NOW)).isEmpty();
    detail.remove("startedBy");
    assertThat(TaskEvents.of(detail, NOW)).isEmpty();
    assertThat(TaskEvents.of(Map.of(), NOW)).isEmpty();
  }

  private static TaskStopped stopped(Map<String, Object> detail) {
    return (TaskStopped) TaskEvents.of(detail, NOW).orElseThrow().event();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> detail(String event) throws IOException {
    try (InputStream in =
        TaskEventsTest.class.getResourceAsStream("/task-events/" + event + ".json")) {
      return new HashMap<>((Map<String, Object>) JSON.std.mapFrom(in).get("detail"));
    }
  }
}
