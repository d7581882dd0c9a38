package dev.outpost.machine;

import dev.outpost.run.ContainerContract;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

/** The task that a RunTask asks for, in the form of a Fargate task's event. */
final class NewTask {
  private NewTask() {}

  static LocalTask of(
      String id,
      RunTaskRequest request,
      String definitionArn,
      LocalTaskDefinition definition,
      Instant now) {
    TaskOverride overrides =
        Objects.requireNonNullElseGet(request.overrides(), () -> TaskOverride.builder().build());
    String family = LocalTask.idOf(definitionArn).replaceFirst(":\\d+$", "");
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("attachments", List.of());
    detail.put("attributes", List.of());
    detail.put("availabilityZone", LocalTask.REGION);
    detail.put("clusterArn", LocalTask.ARN + "cluster/" + LocalTask.CLUSTER);
    detail.put("containers", List.of(container(id)));
    detail.put("cpu", number(overrides.cpu(), definition.cpuUnits()));
    detail.put("createdAt", now.toString());
    detail.put("desiredStatus", "RUNNING");
    detail.put("enableExecuteCommand", false);
    detail.put("group", "family:" + family);
    if (request.hasCapacityProviderStrategy()) {
      detail.put(
          "capacityProviderName", request.capacityProviderStrategy().getFirst().capacityProvider());
    } else {
      detail.put("launchType", "FARGATE");
    }
    detail.put("lastStatus", "PROVISIONING");
    detail.put("memory", number(overrides.memory(), definition.memoryMb()));
    detail.put("overrides", overrides(overrides));
    detail.put("platformVersion", "1.4.0");
    Optional.ofNullable(request.startedBy()).ifPresent(by -> detail.put("startedBy", by));
    detail.put("taskArn", LocalTask.arn(id));
    detail.put("taskDefinitionArn", definitionArn);
    return new LocalTask(id, detail, Optional.empty());
  }

  private static Map<String, Object> container(String id) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put(
        "containerArn",
        LocalTask.ARN
            + "container/"
            + LocalTask.CLUSTER
            + "/"
            + id
            + "/"
            + UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    container.put("lastStatus", "PENDING");
    container.put("name", ContainerContract.CONTAINER);
    container.put("taskArn", LocalTask.arn(id));
    container.put("networkInterfaces", List.of());
    container.put("cpu", "0");
    return container;
  }

  private static String number(String override, int otherwise) {
    if (override == null) {
      return String.valueOf(otherwise);
    }
    if (!override.matches("[1-9]\\d{0,8}")) {
      throw EcsErrors.invalidParameter("Invalid 'cpu' or 'memory' setting for task.");
    }
    return override;
  }

  private static Map<String, Object> overrides(TaskOverride overrides) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put(
        "containerOverrides",
        overrides.containerOverrides().stream().map(NewTask::override).toList());
    Optional.ofNullable(overrides.cpu()).ifPresent(cpu -> result.put("cpu", cpu));
    Optional.ofNullable(overrides.memory()).ifPresent(memory -> result.put("memory", memory));
    return result;
  }

  private static Map<String, Object> override(ContainerOverride override) {
    if (!ContainerContract.CONTAINER.equals(override.name())) {
      throw EcsErrors.invalidParameter(
          "Override for container named "
              + override.name()
              + " is not a container in the TaskDefinition.");
    }
    return Map.of(
        "name",
        override.name(),
        "environment",
        override.environment().stream()
            .map(variable -> Map.of("name", variable.name(), "value", variable.value()))
            .toList());
  }
}
