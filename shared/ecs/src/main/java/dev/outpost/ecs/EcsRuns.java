package dev.outpost.ecs;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Launch;
import dev.outpost.ecs.event.TaskEvents;
import dev.outpost.ecs.event.TaskSeen;
import dev.outpost.launch.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClientException;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Runs as ECS tasks. Safe for use by many threads.
 *
 * <p>ECS honours a client token for 24 hours, or for an hour after its task is gone if that is
 * sooner (API Reference, "Ensuring idempotency"); {@link Launch#LEASE} stays below either.
 */
public final class EcsRuns implements Runs {
  /** How long a family's newest revision is taken from memory. */
  static final Duration REVISION_KEPT = Duration.ofSeconds(60);

  /** Longest reason of StopTask that ECS is given, in characters. */
  private static final int MAX_REASON = 255;

  /** Most tasks of one DescribeTasks, and of one page of ListTasks. */
  private static final int PAGE = 100;

  private static final String MISSING = "MISSING";

  /** How ECS says that a family has no active revision. */
  private static final String NO_DEFINITION = "Unable to describe task definition";

  private final EcsClient ecs;
  private final EcsConfig config;
  private final InstantSource clock;
  private final RunTaskRequests requests;
  private final Map<String, Revision> revisions = new ConcurrentHashMap<>();

  private record Revision(String arn, Instant until) {}

  /** Runs in the cluster of that configuration. The client remains the caller's. */
  public EcsRuns(EcsClient ecs, EcsConfig config, InstantSource clock) {
    this.ecs = Objects.requireNonNull(ecs, "ecs");
    this.config = Objects.requireNonNull(config, "config");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.requests = new RunTaskRequests(config);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Asks ECS for the family {@code outpost-{agent}-{stage}}, of which it tells the newest active
   * revision; remembered for 60 seconds. Throws when ECS does not answer.
   */
  @Override
  public Optional<String> taskDefinition(String agent) {
    Instant now = clock.instant();
    Revision known = revisions.get(agent);
    if (known != null && now.isBefore(known.until())) {
      return Optional.of(known.arn());
    }
    try {
      String arn =
          ecs.describeTaskDefinition(r -> r.taskDefinition(config.family(agent)))
              .taskDefinition()
              .taskDefinitionArn();
      revisions.put(agent, new Revision(arn, now.plus(REVISION_KEPT)));
      return Optional.of(arn);
    } catch (ClientException e) {
      // ECS answers with this error also when a service that it asked itself was throttled.
      if (!String.valueOf(e.getMessage()).startsWith(NO_DEFINITION)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @Override
  public Start start(Order order) {
    try {
      return Starts.of(ecs.runTask(requests.of(order)));
    } catch (RuntimeException e) {
      return Starts.of(e);
    }
  }

  @Override
  public void stop(String taskArn, String why) {
    try {
      ecs.stopTask(
          r ->
              r.cluster(config.cluster())
                  .task(taskArn)
                  .reason(why.substring(0, Math.min(why.length(), MAX_REASON))));
    } catch (InvalidParameterException e) {
      // "The referenced task was not found" comes as this error, and so do others: ask which it is.
      if (!describe(List.of(taskArn)).isEmpty()) {
        throw e;
      }
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>By its ARN where that is known, else by {@code startedBy}. An error of ECS is thrown: it is
   * no proof that there is no task.
   */
  @Override
  public Sighting find(Dispatch dispatch) {
    Optional<Launch> launch = dispatch.state().launched();
    if (launch.isEmpty()) {
      return new Sighting.None();
    }
    List<Task> tasks = tasks(dispatch, launch.get());
    Sighting best = new Sighting.None();
    for (Task task : tasks) {
      Map<String, Object> fields = TaskFields.of(task);
      OptionalInt attempt = TaskEvents.attempt(fields);
      if (attempt.isPresent() && attempt.getAsInt() != launch.get().attempt()) {
        continue;
      }
      if (!TaskEvents.isStopped(fields)) {
        return new Sighting.Alive(attempt, task.taskArn());
      }
      best =
          TaskEvents.of(fields, clock.instant())
              .map(TaskSeen::event)
              .filter(TaskStopped.class::isInstance)
              .<Sighting>map(event -> new Sighting.Stopped((TaskStopped) event))
              .orElse(best);
    }
    return best;
  }

  private List<Task> tasks(Dispatch dispatch, Launch launch) {
    if (launch.taskArn().isPresent()) {
      return describe(List.of(launch.taskArn().get()));
    }
    List<String> arns = new ArrayList<>();
    for (DesiredStatus status : List.of(DesiredStatus.RUNNING, DesiredStatus.STOPPED)) {
      ListTasksRequest request =
          ListTasksRequest.builder()
              .cluster(config.cluster())
              .startedBy(dispatch.id().value())
              .desiredStatus(status)
              .build();
      arns.addAll(ecs.listTasks(request).taskArns());
    }
    // One dispatch has a task for each of its few attempts at the most: a page is far more.
    List<String> distinct = arns.stream().distinct().limit(PAGE).toList();
    return distinct.isEmpty() ? List.of() : describe(distinct);
  }

  /**
   * {@inheritDoc}
   *
   * <p>One call of ListTasks and one of DescribeTasks for each hundred tasks of the cluster.
   */
  @Override
  public List<AliveTask> alive() {
    List<AliveTask> alive = new ArrayList<>();
    String next = null;
    do {
      ListTasksRequest request =
          ListTasksRequest.builder()
              .cluster(config.cluster())
              .desiredStatus(DesiredStatus.RUNNING)
              .maxResults(PAGE)
              .nextToken(next)
              .build();
      ListTasksResponse page = ecs.listTasks(request);
      if (!page.taskArns().isEmpty()) {
        describe(page.taskArns()).forEach(task -> aliveTask(task).ifPresent(alive::add));
      }
      next = page.nextToken();
    } while (next != null);
    return List.copyOf(alive);
  }

  /** Of a task that somebody else has started in the cluster nothing is to be said. */
  private static Optional<AliveTask> aliveTask(Task task) {
    Map<String, Object> fields = TaskFields.of(task);
    if (task.createdAt() == null || TaskEvents.isStopped(fields)) {
      return Optional.empty();
    }
    return Optional.ofNullable(task.startedBy())
        .flatMap(DispatchId::parse)
        .map(id -> new AliveTask(task.taskArn(), id, TaskEvents.attempt(fields), task.createdAt()));
  }

  /** The tasks that exist. A task that is missing is left out; any other failure is thrown. */
  private List<Task> describe(List<String> arns) {
    DescribeTasksResponse response =
        ecs.describeTasks(r -> r.cluster(config.cluster()).tasks(arns));
    for (Failure failure : response.failures()) {
      if (!MISSING.equals(failure.reason())) {
        throw EcsException.builder()
            .message("DescribeTasks failed for a task: " + failure.reason())
            .build();
      }
    }
    return response.tasks();
  }
}
