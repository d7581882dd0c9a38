package dev.outpost.machine;

import static dev.outpost.machine.LocalEcs.DISPATCH;
import static dev.outpost.machine.LocalEcs.FAMILY;
import static dev.outpost.machine.LocalEcs.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outpost.dispatch.DispatchEvent.Launched;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.ecs.event.TaskSeen;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

@Timeout(60)
// Its tasks have one dispatch, by whose name what is left of them is ended.
@ResourceLock("LocalEcs")
class ProcessEcsTest {
  private static final String UNTIL_TERMINATED =
      "trap 'exit 143' TERM; echo ready; while :; do sleep 0.05; done";

  @TempDir Path directory;
  private LocalEcs local;

  @AfterEach
  void stopWhatRuns() throws InterruptedException {
    if (local != null) {
      for (String arn : local.ecs.listTasks(r -> r.cluster("outpost")).taskArns()) {
        local.ecs.stopTask(r -> r.cluster("outpost").task(arn));
        LocalEcs.await("the task's end", () -> "STOPPED".equals(local.task(arn).lastStatus()));
      }
      local.close();
    }
  }

  @Test
  void aTaskPassesThroughItsStatesAndTellsEachAsEcsDoes() throws Exception {
    local = LocalEcs.open(directory, "echo '{\"n\":1}'");
    String arn = local.run(2);
    Map<String, Object> first = local.events.peek();
    List<Map<String, Object>> seen = local.until("STOPPED");

    assertThat(arn).matches("arn:aws:ecs:local:000000000000:task/outpost/[0-9a-f]{32}");
    assertThat(seen)
        .extracting(d -> d.get("lastStatus"))
        .containsExactly("PROVISIONING", "PENDING", "RUNNING", "DEPROVISIONING", "STOPPED");
    assertThat(seen).extracting(d -> d.get("version")).containsExactly(1, 2, 3, 4, 5);
    assertThat(TaskEvents.of(seen.get(2), Instant.EPOCH))
        .contains(new TaskSeen(new DispatchId(DISPATCH), new Launched(2, arn, Instant.EPOCH)));
    assertThat(stopped(seen).exitCode()).hasValue(0);
    assertThat(stopped(seen).failure()).isEmpty();
    assertThat(seen.getLast())
        .containsEntry("stopCode", "EssentialContainerExited")
        .containsEntry("cpu", "512")
        .containsEntry("memory", "1024")
        .containsEntry("launchType", "FARGATE")
        .containsEntry(
            "taskDefinitionArn", "arn:aws:ecs:local:000000000000:task-definition/" + FAMILY + ":3");
    if (first != null) {
      assertThat(first)
          .containsEntry("source", "aws.ecs")
          .containsEntry("detail-type", "ECS Task State Change")
          .containsEntry("version", "0")
          .containsEntry("account", "000000000000")
          .containsEntry("resources", List.of(arn))
          .containsKeys("id", "time", "region");
    }
    String id = LocalTask.idOf(arn);
    assertThat(directory.resolve("logs/" + id + ".jsonl")).hasContent("{\"n\":1}");
    LocalEcs.await("removal", () -> !Files.exists(directory.resolve("tasks/" + id)));
  }

  @Test
  void aTasksEnvironmentIsBuiltFromScratch() throws Exception {
    local = LocalEcs.open(directory, "env > \"$OUTPOST_WORK_DIR/../../../env\"");
    String arn = local.run(1);
    String id = LocalTask.idOf(arn);
    local.until("STOPPED");
    Map<String, String> environment = new TreeMap<>();
    for (String line : Files.readAllLines(directory.resolve("env"))) {
      environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    // What the shell adds of its own accord.
    environment.keySet().removeAll(Set.of("PWD", "OLDPWD", "SHLVL", "_"));
    assertThat(environment.keySet())
        .isSubsetOf(
            "PATH",
            "HOME",
            "LANG",
            "JAVA_HOME",
            "OUTPOST_DISPATCH_ID",
            "OUTPOST_ATTEMPT",
            "OUTPOST_TASK_ARN",
            "OUTPOST_WORK_DIR");
    assertThat(environment)
        .containsEntry("HOME", System.getenv("HOME"))
        .containsEntry("OUTPOST_TASK_ARN", arn)
        .containsEntry("OUTPOST_WORK_DIR", directory.resolve("tasks/" + id + "/work").toString());
  }

  @Test
  void aClientTokenIsOneTask() throws Exception {
    local = LocalEcs.open(directory, "exit 3");
    String arn = local.run(1);
    assertThat(local.run(1)).isEqualTo(arn);
    assertThatThrownBy(() -> local.ecs.runTask(request(1).toBuilder().group("other").build()))
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.resourceIds()).containsExactly(arn));
    assertThatThrownBy(
            () ->
                local.ecs.runTask(request(1).toBuilder().overrides(request(2).overrides()).build()))
        .isInstanceOf(ConflictException.class);
    assertThat(local.run(2)).isNotEqualTo(arn);
    local.until("STOPPED");
    local.until("STOPPED");
    assertThat(local.task(local.run(1)).containers().getFirst().exitCode()).isEqualTo(3);
  }

  @Test
  void aStopIsATermAndThenAKill() throws Exception {
    local = LocalEcs.patient(directory, UNTIL_TERMINATED);
    String arn = local.run(1);
    awaitLog(arn, "ready");
    assertThat(local.ecs.listTasks(r -> r.cluster("outpost").startedBy(DISPATCH)).taskArns())
        .containsExactly(arn);
    assertThat(stop(arn).desiredStatus()).isEqualTo("STOPPED");
    List<Map<String, Object>> seen = local.until("STOPPED");
    assertThat(stopped(seen).exitCode()).hasValue(143);
    assertThat(stopped(seen).failure().map(Failure::cause)).contains(Cause.TASK_TERMINATED);
    Task task = stop(arn);
    assertThat(task.stopCode()).isEqualTo(TaskStopCode.USER_INITIATED);
    assertThat(task.stoppedReason()).isEqualTo("enough");
    assertThat(
            local
                .ecs
                .listTasks(
                    r ->
                        r.cluster("outpost")
                            .startedBy(DISPATCH)
                            .desiredStatus(DesiredStatus.STOPPED))
                .taskArns())
        .containsExactly(arn);
  }

  @Test
  void aRunnerThatWillNotStopIsKilled() throws Exception {
    local = LocalEcs.open(directory, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
    String arn = local.run(1);
    awaitLog(arn, "ready");
    stop(arn);
    assertThat(stopped(local.until("STOPPED")).exitCode()).hasValue(137);
  }

  @Test
  void aTaskStoppedBeforeItsProcessIsThereEndsAllTheSame() throws Exception {
    local = LocalEcs.open(directory, UNTIL_TERMINATED);
    stop(local.run(1));
    assertThat(local.until("STOPPED").getLast()).containsEntry("stopCode", "UserInitiated");
  }

  @Test
  void whateverTheRunnerLeavesBehindIsKilled() throws Exception {
    assumeThat(ProcessTable.isLinux()).isTrue();
    Path pids = directory.resolve("pids");
    local =
        LocalEcs.open(
            directory,
            // One in the session, one in its own, one in its own that nobody is the parent of, and
            // one that knows only whose dispatch it is, as an agent's does.
            """
            sleep 1000 & echo $! >> %1$s
            setsid sleep 1001 & echo $! >> %1$s
            (setsid sh -c 'echo $$ >> %1$s; exec sleep 1002' &)
            env -i PATH="$PATH" OUTPOST_DISPATCH_ID="$OUTPOST_DISPATCH_ID" \
              setsid sh -c 'echo $$ >> %1$s; exec sleep 1003' &
            while [ "$(wc -l < %1$s)" -lt 4 ]; do sleep 0.02; done
            """
                .formatted(pids));
    local.run(1);
    local.until("STOPPED");
    assertThat(Files.readAllLines(pids))
        .hasSize(4)
        .allSatisfy(pid -> assertThat(ProcessMark.of(Long.parseLong(pid))).isEmpty());
  }

  @Test
  void memoryIsBounded() throws Exception {
    assumeThat(ProcessTable.isLinux()).isTrue();
    local =
        LocalEcs.open(
            directory,
            "head -c 150000000 /dev/zero | tail -c 150000000 | (sleep 100; cat >/dev/null)");
    local.ecs.runTask(
        request(1).toBuilder()
            .overrides(request(1).overrides().toBuilder().memory("64").build())
            .build());
    List<Map<String, Object>> seen = local.until("STOPPED");
    assertThat(stopped(seen).exitCode()).hasValue(137);
    assertThat(stopped(seen).failure().map(Failure::cause)).contains(Cause.OUT_OF_MEMORY);
    assertThat(seen.getLast()).containsEntry("stopCode", "EssentialContainerExited");
  }

  @Test
  void aRunnerThatCannotBeStartedIsATaskThatFailedToStart() throws Exception {
    local = LocalEcs.open(directory, "exit 0");
    Files.writeString(directory.resolve("tasks"), "in the way");
    local.run(1);
    TaskStopped stopped = stopped(local.until("STOPPED"));
    assertThat(stopped.exitCode()).isEmpty();
    assertThat(stopped.failure().map(Failure::cause)).contains(Cause.TASK_FAILED_TO_START);
  }

  @Test
  void whatEcsRefusesIsRefused() {
    local = LocalEcs.open(directory, "exit 0");
    assertThatThrownBy(() -> local.ecs.runTask(request(1).toBuilder().cluster("other").build()))
        .isInstanceOf(ClusterNotFoundException.class);
    assertThatThrownBy(
            () -> local.ecs.runTask(request(1).toBuilder().taskDefinition(FAMILY + ":9").build()))
        .isInstanceOf(ClientException.class);
    assertThatThrownBy(() -> local.ecs.runTask(request(1).toBuilder().count(2).build()))
        .isInstanceOf(InvalidParameterException.class);
    assertThatThrownBy(() -> stop("arn:aws:ecs:local:000000000000:task/outpost/none"))
        .isInstanceOf(InvalidParameterException.class);
    assertThat(local.ecs.describeTasks(r -> r.cluster("outpost").tasks("none")).failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("MISSING"));
    RunTaskResponse tooLarge =
        local.ecs.runTask(
            request(1).toBuilder()
                .overrides(request(1).overrides().toBuilder().memory("30720").build())
                .build());
    assertThat(tooLarge.tasks()).isEmpty();
    assertThat(tooLarge.failures().getFirst().reason()).isEqualTo("RESOURCE:MEMORY");
    assertThat(
            local
                .ecs
                .describeTaskDefinition(r -> r.taskDefinition(FAMILY))
                .taskDefinition()
                .taskDefinitionArn())
        .endsWith("task-definition/" + FAMILY + ":3");
  }

  @Test
  void aStoppedTaskIsForgottenAfterAnHour() throws Exception {
    AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    local = LocalEcs.open(directory, "exit 0", () -> Instant.now().plus(later.get()));
    String arn = local.run(1);
    local.until("STOPPED");
    assertThat(local.run(1)).isEqualTo(arn);
    later.set(Duration.ofHours(1));
    assertThat(local.ecs.describeTasks(r -> r.cluster("outpost").tasks(arn)).tasks()).isEmpty();
    assertThat(local.run(1)).isNotEqualTo(arn);
    local.until("STOPPED");
  }

  private Task stop(String arn) {
    return local.ecs.stopTask(r -> r.cluster("outpost").task(arn).reason("enough")).task();
  }

  private void awaitLog(String arn, String line) throws InterruptedException {
    Path log = directory.resolve("logs/" + LocalTask.idOf(arn) + ".jsonl");
    LocalEcs.await(
        line,
        () -> {
          try {
            return Files.exists(log) && Files.readString(log).contains(line);
          } catch (IOException _) {
            return false;
          }
        });
  }

  private static TaskStopped stopped(List<Map<String, Object>> seen) {
    return (TaskStopped) TaskEvents.of(seen.getLast(), Instant.EPOCH).orElseThrow().event();
  }
}
