package dev.outpost.ecs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * ECS as far as tests of the functions need it: it remembers tasks by their client token, and fails
 * as it is told to, also after having succeeded.
 */
public final class MemoryEcs implements EcsClient {
  /** What the next RunTask does instead of working. */
  public enum Fault {
    /** It is throttled; nothing was started. */
    THROTTLED,
    /** It starts the task, but the caller sees an error. */
    ANSWER_LOST,
    /** It answers 200 with a failure: no capacity. */
    NO_CAPACITY,
    /** It refuses the request. */
    INVALID,
    /** Not ECS but our own code fails, as it never should. */
    OWN_FAULT
  }

  private final Map<String, Task> byToken = new LinkedHashMap<>();
  private final List<String> stopped = new ArrayList<>();
  private final Queue<Fault> faults = new ArrayDeque<>();
  private final Set<String> unstoppable = new HashSet<>();
  private boolean deployed = true;
  private boolean faultless = true;

  /** From now on no family has a task definition. */
  public void undeploy() {
    deployed = false;
  }

  /** From now on it finds fault with whoever asks for a task definition. */
  public void findFault() {
    faultless = false;
  }

  /** The next RunTask fails like that. */
  public void failNext(Fault fault) {
    faults.add(fault);
  }

  /** From now on StopTask fails for that task. */
  public void failToStop(String arn) {
    unstoppable.add(arn);
  }

  /** ARNs of all tasks that were ever started. */
  public List<String> started() {
    return byToken.values().stream().map(Task::taskArn).toList();
  }

  /** ARNs that StopTask was called with. */
  public List<String> stopped() {
    return List.copyOf(stopped);
  }

  /** A task takes another state. */
  public void become(String arn, Task.Builder state) {
    byToken.replaceAll((_, task) -> task.taskArn().equals(arn) ? state.build() : task);
  }

  /** The task as it is. */
  public Task task(String arn) {
    return byToken.values().stream().filter(t -> t.taskArn().equals(arn)).findFirst().orElseThrow();
  }

  /** Forgets the task, as ECS does an hour after its stop. */
  public void forget(String arn) {
    byToken.values().removeIf(task -> task.taskArn().equals(arn));
  }

  @Override
  public RunTaskResponse runTask(RunTaskRequest request) {
    Fault fault = faults.poll();
    if (fault == Fault.THROTTLED) {
      throw EcsException.builder().message("Rate exceeded").statusCode(429).build();
    }
    if (fault == Fault.OWN_FAULT) {
      throw new IllegalArgumentException("a fault in our own code");
    }
    if (fault == Fault.INVALID) {
      throw EcsException.builder().message("Invalid").statusCode(400).build();
    }
    if (fault == Fault.NO_CAPACITY) {
      return RunTaskResponse.builder()
          .failures(Failure.builder().reason("RESOURCE:MEMORY").build())
          .build();
    }
    Task task =
        byToken.computeIfAbsent(
            request.clientToken(),
            _ ->
                Task.builder()
                    .taskArn(
                        "arn:aws:ecs:eu-central-1:111122223333:task/outpost/"
                            + (byToken.size() + 1))
                    .startedBy(request.startedBy())
                    .lastStatus("PROVISIONING")
                    .desiredStatus("RUNNING")
                    .overrides(request.overrides())
                    .build());
    if (fault == Fault.ANSWER_LOST) {
      throw EcsException.builder().message("Internal").statusCode(500).build();
    }
    return RunTaskResponse.builder().tasks(task).build();
  }

  @Override
  public StopTaskResponse stopTask(StopTaskRequest request) {
    if (unstoppable.contains(request.task())) {
      throw EcsException.builder().message("Internal").statusCode(500).build();
    }
    stopped.add(request.task());
    return StopTaskResponse.builder().build();
  }

  @Override
  public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
    List<Task> found =
        byToken.values().stream().filter(t -> request.tasks().contains(t.taskArn())).toList();
    List<Failure> missing =
        request.tasks().stream()
            .filter(arn -> found.stream().noneMatch(t -> t.taskArn().equals(arn)))
            .map(arn -> Failure.builder().arn(arn).reason("MISSING").build())
            .toList();
    return DescribeTasksResponse.builder().tasks(found).failures(missing).build();
  }

  @Override
  public ListTasksResponse listTasks(ListTasksRequest request) {
    List<String> arns =
        byToken.values().stream()
            .filter(t -> request.startedBy() == null || t.startedBy().equals(request.startedBy()))
            .filter(t -> t.desiredStatus().equals(request.desiredStatusAsString()))
            .map(Task::taskArn)
            .toList();
    return ListTasksResponse.builder().taskArns(arns).build();
  }

  @Override
  public DescribeTaskDefinitionResponse describeTaskDefinition(
      DescribeTaskDefinitionRequest request) {
    if (!deployed) {
      throw ClientException.builder()
          .message("Unable to describe task definition.")
          .statusCode(400)
          .build();
    }
    if (!faultless) {
      throw InvalidParameterException.builder()
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("InvalidParameterException")
                  .errorMessage("taskDefinition is not well-formed.")
                  .build())
          .statusCode(400)
          .build();
    }
    return DescribeTaskDefinitionResponse.builder()
        .taskDefinition(
            t ->
                t.taskDefinitionArn(
                    "arn:aws:ecs:eu-central-1:111122223333:task-definition/"
                        + request.taskDefinition()
                        + ":1"))
        .build();
  }

  @Override
  public String serviceName() {
    return "ecs";
  }

  @Override
  public void close() {}
}
