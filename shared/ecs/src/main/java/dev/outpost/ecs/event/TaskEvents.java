package dev.outpost.ecs.event;

import static dev.outpost.run.ContainerContract.ATTEMPT;
import static dev.outpost.run.ContainerContract.CONTAINER;
import static dev.outpost.run.ContainerContract.EXIT_KILLED;

import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchEvent.Launched;
import dev.outpost.dispatch.DispatchEvent.TaskStopped;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an ECS task: the {@code detail} of an "ECS Task State Change" event, which has the form of
 * the Task of DescribeTasks (Amazon ECS Developer Guide, "Amazon ECS task state change events").
 * Unknown fields are ignored, missing ones are unknown.
 *
 * <p>Causes come from the fields made for them: {@code stopCode}, the container's {@code exitCode},
 * and the container's {@code reason} where its documented form is an error's name and a colon
 * ("OutOfMemoryError: Container killed due to memory usage"). Prose is never searched.
 */
public final class TaskEvents {
  /** What such an event has as its source. */
  public static final String SOURCE = "aws.ecs";

  /** What such an event has as its detail type. */
  public static final String DETAIL_TYPE = "ECS Task State Change";

  /**
   * Those values of {@code lastStatus} whose events a rule must bring. ECS tells a task's life in
   * eight events, and each costs a message and an invocation; but what the other seven tell is
   * known: the launcher heard of the task from RunTask, and the runner names it when it claims.
   * Should both be lost, the launcher's message comes again, and the reconciler asks.
   */
  public static final List<String> TELLING = List.of("STOPPED");

  private static final String OUT_OF_MEMORY = "OutOfMemoryError";

  /** The name that ECS puts before a reason's prose, e.g. {@code CannotPullContainerError}. */
  private static final Pattern ERROR_NAME =
      Pattern.compile("^([A-Za-z]{3,60}(?:Error|Exception))\\b");

  private TaskEvents() {}

  /**
   * What the task says of its dispatch: that it exists, or that it has stopped.
   *
   * @param task the task's fields, as parsed from JSON
   * @param seenAt now, for a task that does not say when it stopped
   * @return empty for a task that is not ours, and for one of which nothing is to be learnt
   */
  public static Optional<TaskSeen> of(Map<String, ?> task, Instant seenAt) {
    Optional<DispatchId> id = text(task, "startedBy").flatMap(DispatchId::parse);
    Optional<String> arn = text(task, "taskArn");
    if (id.isEmpty() || arn.isEmpty()) {
      return Optional.empty();
    }
    return event(task, arn.get(), seenAt).map(event -> new TaskSeen(id.get(), event));
  }

  private static Optional<DispatchEvent> event(Map<String, ?> task, String arn, Instant seenAt) {
    if (isStopped(task)) {
      return Optional.of(stopped(task, arn, seenAt));
    }
    OptionalInt attempt = attempt(task);
    return attempt.isPresent()
        ? Optional.of(new Launched(attempt.getAsInt(), arn, seenAt))
        : Optional.empty();
  }

  /** Whether the task is over. */
  public static boolean isStopped(Map<String, ?> task) {
    return text(task, "lastStatus").filter("STOPPED"::equals).isPresent();
  }

  /** Which launch of its dispatch the task is, if it tells. */
  public static OptionalInt attempt(Map<String, ?> task) {
    for (Map<String, ?> override : maps(map(task, "overrides"), "containerOverrides")) {
      for (Map<String, ?> variable : maps(override, "environment")) {
        if (text(variable, "name").filter(ATTEMPT::equals).isPresent()) {
          return number(variable.get("value"));
        }
      }
    }
    return OptionalInt.empty();
  }

  private static TaskStopped stopped(Map<String, ?> task, String arn, Instant seenAt) {
    Map<String, ?> container = container(task);
    OptionalInt exitCode = number(container.get("exitCode"));
    Instant at =
        time(task, "stoppedAt")
            .or(() -> time(task, "executionStoppedAt"))
            .or(() -> time(task, "stoppingAt"))
            .orElse(seenAt);
    return new TaskStopped(attempt(task), arn, at, exitCode, failure(task, container, exitCode));
  }

  private static Map<String, ?> container(Map<String, ?> task) {
    List<? extends Map<String, ?>> containers = maps(task, "containers");
    for (Map<String, ?> container : containers) {
      if (text(container, "name").filter(CONTAINER::equals).isPresent()) {
        return container;
      }
    }
    return containers.isEmpty() ? Map.of() : containers.getFirst();
  }

  private static Optional<Failure> failure(
      Map<String, ?> task, Map<String, ?> container, OptionalInt exitCode) {
    boolean killed = exitCode.isEmpty() || exitCode.getAsInt() == EXIT_KILLED;
    if (killed && errorName(container, "reason").filter(OUT_OF_MEMORY::equals).isPresent()) {
      return failed(Cause.OUT_OF_MEMORY, "The container was killed for its memory use.");
    }
    return switch (text(task, "stopCode").orElse("")) {
      case "SpotInterruption" ->
          failed(Cause.SPOT_INTERRUPTION, "The platform took its spot capacity back.");
      case "TaskFailedToStart" ->
          failed(
              Cause.TASK_FAILED_TO_START,
              "The task stopped before its container ran"
                  + errorName(task, "stoppedReason")
                      .or(() -> errorName(container, "reason"))
                      .map(name -> " (" + name + ").")
                      .orElse("."));
      case "TerminationNotice", "InfrastructureHealth", "ServiceSchedulerInitiated" ->
          failed(Cause.TASK_TERMINATED, "The platform ended the task.");
      // Ours if a stop is recorded, and then the record decides; else somebody's at the console.
      case "UserInitiated" ->
          failed(Cause.TASK_TERMINATED, "The task was stopped on the platform, not by Outpost.");
      // EssentialContainerExited, and codes that are new: the exit code tells.
      default -> Optional.empty();
    };
  }

  private static Optional<Failure> failed(Cause cause, String message) {
    return Optional.of(new Failure(cause, message));
  }

  private static Optional<String> errorName(Map<String, ?> fields, String field) {
    return text(fields, field)
        .map(ERROR_NAME::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }

  private static Optional<String> text(Map<String, ?> fields, String field) {
    return fields.get(field) instanceof String text && !text.isEmpty()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static Optional<Instant> time(Map<String, ?> fields, String field) {
    try {
      return text(fields, field).map(Instant::parse);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private static OptionalInt number(Object value) {
    return switch (value) {
      case Number number -> OptionalInt.of(number.intValue());
      case String text when text.matches("\\d{1,9}") -> OptionalInt.of(Integer.parseInt(text));
      case null, default -> OptionalInt.empty();
    };
  }

  @SuppressWarnings("unchecked") // JSON's objects have strings for keys.
  private static Map<String, ?> map(Map<String, ?> fields, String field) {
    return fields.get(field) instanceof Map<?, ?> map ? (Map<String, ?>) map : Map.of();
  }

  @SuppressWarnings("unchecked") // As above.
  private static List<? extends Map<String, ?>> maps(Map<String, ?> fields, String field) {
    return fields.get(field) instanceof List<?> list
        ? list.stream()
            .filter(Map.class::isInstance)
            .map(element -> (Map<String, ?>) element)
            .toList()
        : List.of();
  }
}
