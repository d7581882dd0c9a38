package dev.outpost.machine;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** A local task as the SDK's callers get it. */
final class SdkTasks {
  private SdkTasks() {}

  static Task of(LocalTask task) {
    Map<String, Object> detail = task.detail();
    Map<String, Object> container = task.container();
    return Task.builder()
        .taskArn(task.arn())
        .clusterArn(text(detail, "clusterArn"))
        .taskDefinitionArn(text(detail, "taskDefinitionArn"))
        .startedBy(text(detail, "startedBy"))
        .group(text(detail, "group"))
        .launchType(text(detail, "launchType"))
        .capacityProviderName(text(detail, "capacityProviderName"))
        .platformVersion(text(detail, "platformVersion"))
        .cpu(text(detail, "cpu"))
        .memory(text(detail, "memory"))
        .lastStatus(task.lastStatus())
        .desiredStatus(task.desiredStatus())
        .stopCode(text(detail, "stopCode"))
        .stoppedReason(text(detail, "stoppedReason"))
        .createdAt(task.time("createdAt").orElse(null))
        .pullStartedAt(task.time("pullStartedAt").orElse(null))
        .pullStoppedAt(task.time("pullStoppedAt").orElse(null))
        .startedAt(task.time("startedAt").orElse(null))
        .stoppingAt(task.time("stoppingAt").orElse(null))
        .executionStoppedAt(task.time("executionStoppedAt").orElse(null))
        .stoppedAt(task.time("stoppedAt").orElse(null))
        .version(((Number) detail.get("version")).longValue())
        .overrides(overrides(task))
        .containers(
            Container.builder()
                .containerArn(text(container, "containerArn"))
                .taskArn(task.arn())
                .name(text(container, "name"))
                .lastStatus(text(container, "lastStatus"))
                .exitCode((Integer) container.get("exitCode"))
                .reason(text(container, "reason"))
                .build())
        .build();
  }

  private static TaskOverride overrides(LocalTask task) {
    List<KeyValuePair> environment =
        task.environment().entrySet().stream()
            .map(e -> KeyValuePair.builder().name(e.getKey()).value(e.getValue()).build())
            .toList();
    return TaskOverride.builder()
        .containerOverrides(
            ContainerOverride.builder()
                .name(text(task.container(), "name"))
                .environment(environment)
                .build())
        .build();
  }

  private static String text(Map<String, Object> fields, String field) {
    return (String) fields.get(field);
  }
}
