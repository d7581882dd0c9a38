package dev.outpost.ecs;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/**
 * A task of DescribeTasks in the form in which events have it, so that both are read by the same
 * code: the fields that {@link dev.outpost.ecs.event.TaskEvents} looks at.
 */
final class TaskFields {
  private TaskFields() {}

  static Map<String, Object> of(Task task) {
    Map<String, Object> fields = new HashMap<>();
    put(fields, "taskArn", task.taskArn());
    put(fields, "startedBy", task.startedBy());
    put(fields, "lastStatus", task.lastStatus());
    put(fields, "stopCode", task.stopCodeAsString());
    put(fields, "stoppedReason", task.stoppedReason());
    put(fields, "stoppedAt", task.stoppedAt());
    put(fields, "executionStoppedAt", task.executionStoppedAt());
    put(fields, "stoppingAt", task.stoppingAt());
    if (task.overrides() != null) {
      fields.put("overrides", Map.of("containerOverrides", overrides(task.overrides())));
    }
    fields.put("containers", task.containers().stream().map(TaskFields::of).toList());
    return fields;
  }

  private static List<Map<String, Object>> overrides(TaskOverride overrides) {
    return overrides.containerOverrides().stream()
        .map(
            override ->
                Map.<String, Object>of(
                    "environment",
                    override.environment().stream()
                        .map(v -> Map.of("name", v.name(), "value", v.value()))
                        .toList()))
        .toList();
  }

  private static Map<String, Object> of(Container container) {
    Map<String, Object> fields = new HashMap<>();
    put(fields, "name", container.name());
    put(fields, "exitCode", container.exitCode());
    put(fields, "reason", container.reason());
    return fields;
  }

  private static void put(Map<String, Object> fields, String name, Object value) {
    if (value != null) {
      fields.put(name, value instanceof Instant time ? time.toString() : value);
    }
  }
}
