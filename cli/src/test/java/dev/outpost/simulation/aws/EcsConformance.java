package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.ecs.event.TaskSeen;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** What the launcher and the reconciler rely on: model and one-machine stand-in answer alike. */
public abstract class EcsConformance {
  /**
   * The dispatch that all tasks are started for: another one in each process, as {@code LocalEcs}.
   */
  protected static final String DISPATCH =
      DispatchId.next(new Ulids(InstantSource.system())).value();

  /** The client under test: it has {@code outpost-script-local} in the cluster {@code outpost}. */
  protected abstract EcsClient client();

  /** Waits until the container of that task runs. */
  protected abstract void untilRunning(String arn) throws Exception;

  /** Lets the container of that task end with that code. */
  protected abstract void end(String arn, int code) throws Exception;

  /** All events until the task has stopped: the {@code detail} of each. */
  protected abstract List<Map<String, Object>> untilStopped(String arn) throws Exception;

  private static RunTaskRequest request(int attempt) {
    return RunTaskRequest.builder()
        .cluster("outpost")
        .taskDefinition("outpost-script-local")
        .count(1)
        .clientToken("token-" + attempt)
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

  private String run(int attempt) {
    return client().runTask(request(attempt)).tasks().getFirst().taskArn();
  }

  private List<String> listed(DesiredStatus status) {
    return client()
        .listTasks(l -> l.cluster("outpost").startedBy(DISPATCH).desiredStatus(status))
        .taskArns();
  }

  @Test
  void theSameTokenIsTheSameTaskAlsoWhenThatHasStopped() throws Exception {
    String arn = run(1);
    assertThat(run(1)).isEqualTo(arn);
    untilRunning(arn);
    end(arn, 0);
    untilStopped(arn);
    assertThat(run(1)).isEqualTo(arn);
    assertThat(listed(DesiredStatus.RUNNING)).isEmpty();
    assertThat(listed(DesiredStatus.STOPPED)).containsExactly(arn);
  }

  @Test
  void theSameTokenWithAnotherRequestIsAConflictThatNamesTheTask() throws Exception {
    String arn = run(1);
    RunTaskRequest other = request(2).toBuilder().clientToken("token-1").build();
    assertThatThrownBy(() -> client().runTask(other))
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.resourceIds()).containsExactly(arn));
    untilRunning(arn);
    end(arn, 0);
    untilStopped(arn);
  }

  @Test
  void aTaskTellsWhoStartedItAndWhichLaunchItIs() throws Exception {
    String arn = run(3);
    Task task = client().describeTasks(d -> d.cluster("outpost").tasks(arn)).tasks().getFirst();
    assertThat(task.startedBy()).isEqualTo(DISPATCH);
    assertThat(task.desiredStatus()).isEqualTo("RUNNING");
    assertThat(task.overrides().containerOverrides().getFirst().environment())
        .contains(variable("OUTPOST_ATTEMPT", "3"));
    assertThat(task.createdAt()).isNotNull();
    assertThat(listed(DesiredStatus.RUNNING)).containsExactly(arn);
    untilRunning(arn);
    end(arn, 0);
    untilStopped(arn);
  }

  @Test
  void anEndIsToldInEventsOfRisingVersions() throws Exception {
    String arn = run(1);
    untilRunning(arn);
    end(arn, 3);
    List<Map<String, Object>> events = untilStopped(arn);
    List<Long> versions = new ArrayList<>();
    events.forEach(e -> versions.add(((Number) e.get("version")).longValue()));
    assertThat(versions).isSorted().doesNotHaveDuplicates();
    assertThat(events.getFirst()).containsEntry("lastStatus", "PROVISIONING");
    assertThat(events.getLast())
        .containsEntry("lastStatus", "STOPPED")
        .containsEntry("desiredStatus", "STOPPED")
        .containsEntry("stopCode", "EssentialContainerExited");
    TaskSeen seen = TaskEvents.of(events.getLast(), Instant.EPOCH).orElseThrow();
    TaskStopped stopped = (TaskStopped) seen.event();
    assertThat(stopped.exitCode()).isEqualTo(OptionalInt.of(3));
    assertThat(stopped.attempt()).isEqualTo(OptionalInt.of(1));
    assertThat(stopped.taskArn()).isEqualTo(arn);
    assertThat(stopped.failure()).isEmpty();
  }

  @Test
  void whoeverStopsATaskIsNamedAsItsReasonAndStoppingTwiceIsNoMistake() throws Exception {
    String arn = run(1);
    untilRunning(arn);
    client().stopTask(s -> s.cluster("outpost").task(arn).reason("enough"));
    client().stopTask(s -> s.cluster("outpost").task(arn).reason("twice"));
    List<Map<String, Object>> events = untilStopped(arn);
    assertThat(events.getLast())
        .containsEntry("stopCode", "UserInitiated")
        .containsEntry("stoppedReason", "enough");
  }

  @Test
  void whatIsNotThereIsMissingOrNotFound() {
    String arn = "arn:aws:ecs:local:000000000000:task/outpost/0123456789abcdef0123456789abcdef";
    assertThat(client().describeTasks(d -> d.cluster("outpost").tasks(arn)).failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("MISSING"));
    assertThatThrownBy(() -> client().stopTask(s -> s.cluster("outpost").task(arn)))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("The referenced task was not found.");
    assertThatThrownBy(() -> client().describeTaskDefinition(d -> d.taskDefinition("outpost-x")))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("Unable to describe task definition");
    assertThat(
            client()
                .describeTaskDefinition(d -> d.taskDefinition("outpost-script-local"))
                .taskDefinition()
                .taskDefinitionArn())
        .contains("task-definition/outpost-script-local:");
  }
}
