package dev.outpost.machine;

import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.run.ContainerContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * ECS on Fargate, in so far as Outpost uses it, with child processes of the runner in the place of
 * containers. Tasks are durable and outlive this process: the next one takes them up again. Safe
 * for use by many threads; of other operations than those here the SDK's default throws {@link
 * UnsupportedOperationException}.
 *
 * <p>As ECS does it (API Reference): a client token makes RunTask idempotent, the same token with
 * another request is a ConflictException that names the task; a task passes PROVISIONING, PENDING,
 * RUNNING, DEPROVISIONING and STOPPED, each change counts its {@code version} up and is told as an
 * "ECS Task State Change" event, at least once; StopTask is SIGTERM, and after the stop timeout
 * SIGKILL; a task over its memory is killed with exit code 137 and the reason {@code
 * OutOfMemoryError}; a stopped task is known for an hour.
 *
 * <p>Unlike ECS, CPU is not limited, and memory only on Linux.
 */
public final class ProcessEcs implements EcsClient {
  /** ECS's default of the time between SIGTERM and SIGKILL. */
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private static final int MAX_OVERRIDES = 8192;
  private static final int MAX_DESCRIBED = 100;

  private final Settings settings;
  private final InstantSource clock;
  private final EventOutbox outbox;
  private final LocalTasks tasks;
  private final TaskSupervisor supervisor;

  /**
   * How tasks run here.
   *
   * @param directory has or gets {@code tasks} and {@code logs}
   * @param runner the command line of the runner
   * @param environment this process's environment, of which a task gets PATH, HOME, LANG and
   *     JAVA_HOME
   * @param definitions the task definitions by their family
   * @param stopTimeout the time between SIGTERM and SIGKILL, on ECS {@link #STOP_TIMEOUT}
   * @param machineMemoryMb a task that needs more is a RunTask failure, in MiB
   */
  public record Settings(
      Path directory,
      List<String> runner,
      Map<String, String> environment,
      Map<String, LocalTaskDefinition> definitions,
      Duration stopTimeout,
      long machineMemoryMb) {
    /** Refuses nulls; copies the collections. */
    public Settings {
      Objects.requireNonNull(directory, "directory");
      runner = List.copyOf(runner);
      environment = Map.copyOf(environment);
      definitions = Map.copyOf(definitions);
      Objects.requireNonNull(stopTimeout, "stopTimeout");
    }
  }

  /**
   * Starts, and takes up the tasks that the store knows.
   *
   * @param store remains the caller's, and must outlive this
   * @param sink gets the events
   */
  public ProcessEcs(EmbeddedStore store, Settings settings, EventSink sink, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.outbox = new EventOutbox(store, sink);
    this.tasks = new LocalTasks(store, clock, outbox);
    TaskProcesses processes =
        new TaskProcesses(settings.directory(), settings.runner(), settings.environment());
    this.supervisor = new TaskSupervisor(tasks, processes, settings.stopTimeout(), clock);
    tasks.forget();
    supervisor.start();
  }

  @Override
  public RunTaskResponse runTask(RunTaskRequest request) {
    checkCluster(request.cluster());
    if (request.count() != null && request.count() != 1) {
      throw EcsErrors.invalidParameter("One task at a time can be run here.");
    }
    Revision revision = revision(request.taskDefinition());
    if (request.overrides() != null && request.overrides().toString().length() > MAX_OVERRIDES) {
      throw EcsErrors.invalidParameter("Overrides length must be at most " + MAX_OVERRIDES + ".");
    }
    LocalTask task =
        NewTask.of(newId(), request, revision.arn(), revision.definition(), clock.instant());
    if (task.memoryMb() > settings.machineMemoryMb()) {
      return RunTaskResponse.builder()
          .tasks(List.of())
          .failures(Failure.builder().arn(LocalTask.ARN).reason("RESOURCE:MEMORY").build())
          .build();
    }
    tasks.forget();
    LocalTasks.Taken taken =
        tasks.run(
            task, Objects.requireNonNullElse(request.clientToken(), ""), fingerprint(request));
    if (!taken.isSame()) {
      throw EcsErrors.conflict(taken.task().arn());
    }
    if (taken.task().id().equals(task.id())) {
      supervisor.lead(task.id());
    }
    return RunTaskResponse.builder().tasks(SdkTasks.of(taken.task())).failures(List.of()).build();
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** A task definition that was found. */
  private record Revision(String arn, String family, LocalTaskDefinition definition) {}

  /** By family, {@code family:revision} or ARN. */
  private Revision revision(String name) {
    String given = LocalTask.idOf(Objects.requireNonNullElse(name, ""));
    String family = given.replaceFirst(":\\d+$", "");
    LocalTaskDefinition definition = settings.definitions().get(family);
    if (definition == null
        || !(given.equals(family) || given.equals(family + ":" + definition.revision()))) {
      throw EcsErrors.client("Unable to describe task definition.");
    }
    return new Revision(
        LocalTask.ARN + "task-definition/" + family + ":" + definition.revision(),
        family,
        definition);
  }

  private static void checkCluster(String cluster) {
    if (!LocalTask.CLUSTER.equals(LocalTask.idOf(Objects.requireNonNullElse(cluster, "default")))) {
      throw EcsErrors.clusterNotFound();
    }
  }

  private static String fingerprint(RunTaskRequest request) {
    try {
      byte[] text = request.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public StopTaskResponse stopTask(StopTaskRequest request) {
    checkCluster(request.cluster());
    LocalTask task =
        tasks
            .change(
                LocalTask.idOf(Objects.requireNonNullElse(request.task(), "")),
                t ->
                    t.isStopped()
                        ? t
                        : t.toStop(
                            "UserInitiated",
                            Objects.requireNonNullElse(request.reason(), "Task stopped by user"),
                            clock.instant()))
            .orElseThrow(() -> EcsErrors.invalidParameter("The referenced task was not found."));
    if (!task.isStopped()) {
      supervisor.stop(task);
    }
    return StopTaskResponse.builder().task(SdkTasks.of(task)).build();
  }

  @Override
  public DescribeTasksResponse describeTasks(DescribeTasksRequest request) {
    checkCluster(request.cluster());
    if (request.tasks().isEmpty() || request.tasks().size() > MAX_DESCRIBED) {
      throw EcsErrors.invalidParameter("Tasks must be 1 to " + MAX_DESCRIBED + ".");
    }
    List<Task> found = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (String name : request.tasks()) {
      Optional<LocalTask> task = tasks.find(LocalTask.idOf(name));
      if (task.isPresent()) {
        found.add(SdkTasks.of(task.get()));
      } else {
        failures.add(
            Failure.builder().arn(LocalTask.arn(LocalTask.idOf(name))).reason("MISSING").build());
      }
    }
    return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
  }

  @Override
  public ListTasksResponse listTasks(ListTasksRequest request) {
    checkCluster(request.cluster());
    String desired = Objects.requireNonNullElse(request.desiredStatusAsString(), "RUNNING");
    List<String> arns =
        tasks.all().stream()
            .filter(task -> task.desiredStatus().equals(desired))
            .filter(
                task -> request.startedBy() == null || task.startedBy().equals(request.startedBy()))
            .map(LocalTask::arn)
            .toList();
    return ListTasksResponse.builder().taskArns(arns).build();
  }

  @Override
  public DescribeTaskDefinitionResponse describeTaskDefinition(
      DescribeTaskDefinitionRequest request) {
    Revision revision = revision(request.taskDefinition());
    return DescribeTaskDefinitionResponse.builder()
        .taskDefinition(
            TaskDefinition.builder()
                .taskDefinitionArn(revision.arn())
                .family(revision.family())
                .revision(revision.definition().revision())
                .status(TaskDefinitionStatus.ACTIVE)
                .cpu(String.valueOf(revision.definition().cpuUnits()))
                .memory(String.valueOf(revision.definition().memoryMb()))
                .containerDefinitions(
                    ContainerDefinition.builder()
                        .name(ContainerContract.CONTAINER)
                        .essential(true)
                        .build())
                .build())
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  /** Stops looking after the tasks, which go on, and delivering their events, which are kept. */
  @Override
  public void close() {
    supervisor.close();
    outbox.close();
  }
}
