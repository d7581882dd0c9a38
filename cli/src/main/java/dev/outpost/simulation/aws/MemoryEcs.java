package dev.outpost.simulation.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ConflictException;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
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
 * ECS on Fargate in memory. It keeps tasks, tokens and promises of the API; what brings a task from
 * one state to the next is told to it by whoever runs it. Not safe for use by several threads.
 *
 * <p>Documents: API Reference RunTask, StopTask, DescribeTasks, ListTasks and "Ensuring
 * idempotency"; Developer Guide "Amazon ECS task lifecycle" and "Amazon ECS task state change
 * events".
 */
public final class MemoryEcs implements EcsClient {
  /** How long a client token is honoured at most. */
  public static final Duration TOKEN_KEPT = Duration.ofHours(24);

  /** How long a stopped task is known, and its client token honoured. */
  public static final Duration STOPPED_KEPT = Duration.ofHours(1);

  private static final int MAX_TASKS = 100;
  private static final String ACCOUNT = "arn:aws:ecs:eu-central-1:111122223333:";

  private final InstantSource clock;
  private final Settings settings;
  private final Host host;
  private final Map<String, MemoryTask> tasks = new LinkedHashMap<>();
  private final Map<String, Token> tokens = new LinkedHashMap<>();
  private int started;

  private record Token(RunTaskRequest request, MemoryTask task, Instant at) {}

  /**
   * What it is configured with.
   *
   * @param cluster the one cluster
   * @param families the families of task definitions, each with revision 1
   * @param visibleAfter how long after RunTask a task is not to be seen yet; asked for each task
   */
  public record Settings(String cluster, Set<String> families, Supplier<Duration> visibleAfter) {
    /** Copies the set. */
    public Settings {
      Objects.requireNonNull(cluster, "cluster");
      families = Set.copyOf(families);
      Objects.requireNonNull(visibleAfter, "visibleAfter");
    }
  }

  /** Who runs the containers and carries the events. */
  public interface Host {
    /** An event for the default bus, as JSON. */
    void event(String json);

    /** The container of that task gets SIGTERM. */
    void stopRequested(String taskArn);
  }

  /**
   * A task as it is.
   *
   * @param arn its ARN
   * @param family the family of its task definition
   * @param startedBy who started it
   * @param lastStatus where it is
   * @param desiredStatus where it shall go: {@code RUNNING} or {@code STOPPED}
   * @param environment the variables of its container's override
   * @param createdAt when it was started
   * @param stoppedAt when it had stopped, if it has
   */
  public record TaskView(
      String arn,
      String family,
      String startedBy,
      String lastStatus,
      String desiredStatus,
      Map<String, String> environment,
      Instant createdAt,
      Optional<Instant> stoppedAt) {
    /** Refuses nulls, copies the map. */
    public TaskView {
      Objects.requireNonNull(createdAt, "createdAt");
      Objects.requireNonNull(stoppedAt, "stoppedAt");
      environment = Map.copyOf(environment);
    }
  }

  /** An empty cluster. */
  public MemoryEcs(InstantSource clock, Settings settings, Host host) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.host = Objects.requireNonNull(host, "host");
  }

  @Override
  public RunTaskResponse runTask(RunTaskRequest request) {
    check(request.cluster());
    Instant now = clock.instant();
    Token token = tokens.get(request.clientToken());
    if (token != null && isHonoured(token, now)) {
      if (token.request().equals(request)) {
        return RunTaskResponse.builder().tasks(token.task().task()).build();
      }
      throw error(
          ConflictException.builder().resourceIds(token.task().arn()),
          "ConflictException",
          "The client token is in use by another request.");
    }
    String family = family(request.taskDefinition());
    if (!settings.families().contains(family)) {
      throw error(ClientException.builder(), "ClientException", "TaskDefinition not found.");
    }
    started++;
    MemoryTask task =
        new MemoryTask(
            ACCOUNT + "task/" + settings.cluster() + "/" + String.format("%032x", started),
            ACCOUNT + "cluster/" + settings.cluster(),
            definition(family),
            request,
            now,
            settings.visibleAfter().get());
    tasks.put(task.arn(), task);
    if (request.clientToken() != null) {
      tokens.put(request.clientToken(), new Token(request, task, now));
    }
    tell(task);
    return RunTaskResponse.builder().tasks(task.task()).build();
  }

  private static boolean isHonoured(Token token, Instant now) {
    boolean stoppedLong =
        token.task().stoppedAt().filter(at -> at.plus(STOPPED_KEPT).isBefore(now)).isPresent();
    return !stoppedLong && now.isBefore(token.at().plus(TOKEN_KEPT));
  }

  @Override
  public StopTaskResponse stopTask(StopTaskRequest request) {
    check(request.cluster());
    MemoryTask task = tasks.get(request.task());
    if (task == null || isForgotten(task)) {
      throw error(
          InvalidParameterException.builder(),
          "InvalidParameterException",
          "The referenced task was not found.");
    }
    if (task.stop("UserInitiated", request.reason(), clock.instant())) {
      tell(task);
      host.stopRequested(task.arn());
    }
    return StopTaskResponse.builder().task(task.task()).build();
  }

  @Override
  public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
    check(request.cluster());
    if (request.tasks().isEmpty() || request.tasks().size() > MAX_TASKS) {
      throw error(
          InvalidParameterException.builder(),
          "InvalidParameterException",
          "Tasks must be 1 to 100.");
    }
    List<Task> found = new ArrayList<>();
    List<Failure> missing = new ArrayList<>();
    for (String arn : request.tasks()) {
      MemoryTask task = tasks.get(arn);
      if (task == null || !isVisible(task)) {
        missing.add(Failure.builder().arn(arn).reason("MISSING").build());
      } else {
        found.add(task.task());
      }
    }
    return DescribeTasksResponse.builder().tasks(found).failures(missing).build();
  }

  @Override
  public ListTasksResponse listTasks(ListTasksRequest request) {
    check(request.cluster());
    String desired = request.desiredStatus() == null ? "RUNNING" : request.desiredStatusAsString();
    int most = request.maxResults() == null ? MAX_TASKS : request.maxResults();
    int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    List<String> arns =
        tasks.values().stream()
            .filter(this::isVisible)
            .filter(task -> task.desiredStatus().equals(desired))
            .filter(
                task -> request.startedBy() == null || request.startedBy().equals(task.startedBy()))
            .filter(task -> request.family() == null || request.family().equals(task.family()))
            .map(MemoryTask::arn)
            .toList();
    int to = Math.min(arns.size(), from + most);
    return ListTasksResponse.builder()
        .taskArns(arns.subList(Math.min(from, to), to))
        .nextToken(to < arns.size() ? String.valueOf(to) : null)
        .build();
  }

  @Override
  public DescribeTaskDefinitionResponse describeTaskDefinition(
      DescribeTaskDefinitionRequest request) {
    String family = family(request.taskDefinition());
    if (!settings.families().contains(family)) {
      throw error(
          ClientException.builder(), "ClientException", "Unable to describe task definition.");
    }
    return DescribeTaskDefinitionResponse.builder()
        .taskDefinition(d -> d.taskDefinitionArn(definition(family)).family(family).revision(1))
        .build();
  }

  private static String definition(String family) {
    return ACCOUNT + "task-definition/" + family + ":1";
  }

  private static String family(String definition) {
    String name = definition.substring(definition.lastIndexOf('/') + 1);
    int revision = name.lastIndexOf(':');
    return revision < 0 ? name : name.substring(0, revision);
  }

  private void check(String cluster) {
    if (!settings.cluster().equals(cluster)) {
      throw error(
          ClusterNotFoundException.builder(), "ClusterNotFoundException", "Cluster not found.");
    }
  }

  private static AwsServiceException error(
      AwsServiceException.Builder builder, String code, String message) {
    return builder
        .statusCode(400)
        .message(message)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }

  private boolean isVisible(MemoryTask task) {
    return !isForgotten(task) && !clock.instant().isBefore(task.visibleFrom());
  }

  private boolean isForgotten(MemoryTask task) {
    return task.stoppedAt()
        .filter(at -> at.plus(STOPPED_KEPT).isBefore(clock.instant()))
        .isPresent();
  }

  private MemoryTask of(String arn) {
    MemoryTask task = tasks.get(arn);
    if (task == null) {
      throw new IllegalArgumentException("there is no task " + arn);
    }
    return task;
  }

  private void tell(MemoryTask task) {
    host.event(task.event(clock.instant()));
  }

  /** Takes a task one step on its way up or down; where it is then. */
  public String step(String arn) {
    MemoryTask task = of(arn);
    if (task.step(clock.instant())) {
      tell(task);
    }
    return task.lastStatus();
  }

  /** Its container has ended by itself. */
  public void exit(String arn, int code) {
    MemoryTask task = of(arn);
    task.exited(code, null);
    task.stop("EssentialContainerExited", "Essential container in task exited", clock.instant());
    tell(task);
  }

  /** Its container did not heed SIGTERM in time and was killed. */
  public void kill(String arn) {
    of(arn).exited(137, null);
  }

  /** Its container was killed for its memory use. */
  public void outOfMemory(String arn) {
    MemoryTask task = of(arn);
    task.exited(137, "OutOfMemoryError: Container killed due to memory usage");
    task.stop("EssentialContainerExited", "Essential container in task exited", clock.instant());
    tell(task);
  }

  /** A Spot interruption; its container gets SIGTERM from whoever says this. */
  public void reclaim(String arn) {
    end(arn, "SpotInterruption", "Your Spot Task was interrupted.");
  }

  /** Its host is retired; its container gets SIGTERM from whoever says this. */
  public void retire(String arn) {
    end(arn, "TerminationNotice", "ECS is performing maintenance on the underlying hardware.");
  }

  private void end(String arn, String code, String reason) {
    MemoryTask task = of(arn);
    if (task.stop(code, reason, clock.instant())) {
      tell(task);
    }
  }

  /** It stops before its container runs. */
  public void failToStart(String arn, String reason) {
    MemoryTask task = of(arn);
    task.failed(reason);
    if (task.stop("TaskFailedToStart", reason, clock.instant())) {
      tell(task);
    }
  }

  /** The task of that ARN, also when the API has forgotten it. */
  public TaskView task(String arn) {
    return of(arn).view();
  }

  /** All tasks that the API has not forgotten, in the order of their start. */
  public List<TaskView> tasks() {
    return tasks.values().stream()
        .filter(task -> !isForgotten(task))
        .map(MemoryTask::view)
        .toList();
  }

  @Override
  public String serviceName() {
    return "ecs";
  }

  @Override
  public void close() {}
}
