package dev.outpost.simulation.aws;

import dev.outpost.edge.Json;
import dev.outpost.simulation.aws.MemoryEcs.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.RunTaskRequest;
import software.amazon.awssdk.services.ecs.model.Task;

/** One task of {@link MemoryEcs}. */
final class MemoryTask {
  private static final List<String> UP =
      List.of("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING");
  private static final List<String> DOWN =
      List.of("DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED");

  private final String arn;
  private final String cluster;
  private final String definition;
  private final RunTaskRequest request;
  private final Instant createdAt;
  private final Instant visibleFrom;
  private String lastStatus = "PROVISIONING";
  private String desiredStatus = "RUNNING";
  private long version = 1;
  private Integer exitCode;
  private String containerReason;
  private String stopCode;
  private String stoppedReason;
  private Instant startedAt;
  private Instant stoppingAt;
  private Instant stoppedAt;

  MemoryTask(
      String arn,
      String cluster,
      String definition,
      RunTaskRequest request,
      Instant now,
      Duration visibleAfter) {
    this.arn = arn;
    this.cluster = cluster;
    this.definition = definition;
    this.request = request;
    this.createdAt = now;
    this.visibleFrom = now.plus(visibleAfter);
  }

  String arn() {
    return arn;
  }

  String lastStatus() {
    return lastStatus;
  }

  String desiredStatus() {
    return desiredStatus;
  }

  String startedBy() {
    return request.startedBy();
  }

  String family() {
    String name = definition.substring(definition.lastIndexOf('/') + 1);
    return name.substring(0, name.lastIndexOf(':'));
  }

  Instant visibleFrom() {
    return visibleFrom;
  }

  Optional<Instant> stoppedAt() {
    return Optional.ofNullable(stoppedAt);
  }

  /** One step; whether there was one. */
  boolean step(Instant now) {
    if (lastStatus.equals("STOPPED")) {
      return false;
    }
    if (desiredStatus.equals("RUNNING")) {
      int at = UP.indexOf(lastStatus);
      if (at + 1 == UP.size()) {
        return false;
      }
      lastStatus = UP.get(at + 1);
      if (lastStatus.equals("RUNNING")) {
        startedAt = now;
      }
    } else {
      lastStatus = DOWN.get(DOWN.indexOf(lastStatus) + 1);
      if (lastStatus.equals("STOPPED")) {
        stoppedAt = now;
      }
    }
    version++;
    return true;
  }

  /** It shall stop; whether that is news. The first reason stays. */
  boolean stop(String code, String reason, Instant now) {
    if (desiredStatus.equals("STOPPED")) {
      return false;
    }
    desiredStatus = "STOPPED";
    stopCode = code;
    stoppedReason = reason;
    stoppingAt = now;
    version++;
    return true;
  }

  void exited(int code, String reason) {
    exitCode = code;
    containerReason = reason;
  }

  void failed(String reason) {
    containerReason = reason;
  }

  TaskView view() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (ContainerOverride override : overrides()) {
      override.environment().forEach(v -> environment.put(v.name(), v.value()));
    }
    return new TaskView(
        arn,
        family(),
        request.startedBy(),
        lastStatus,
        desiredStatus,
        environment,
        createdAt,
        stoppedAt());
  }

  private List<ContainerOverride> overrides() {
    return request.overrides() == null ? List.of() : request.overrides().containerOverrides();
  }

  private String containerStatus() {
    return switch (lastStatus) {
      case "PROVISIONING", "PENDING", "ACTIVATING" -> "PENDING";
      case "RUNNING" -> exitCode == null ? "RUNNING" : "STOPPED";
      default -> exitCode == null && startedAt != null ? "RUNNING" : "STOPPED";
    };
  }

  Task task() {
    return Task.builder()
        .taskArn(arn)
        .clusterArn(cluster)
        .taskDefinitionArn(definition)
        .startedBy(request.startedBy())
        .lastStatus(lastStatus)
        .desiredStatus(desiredStatus)
        .overrides(request.overrides())
        .tags(request.tags())
        .version(version)
        .createdAt(createdAt)
        .startedAt(startedAt)
        .stoppingAt(stoppingAt)
        .stoppedAt(stoppedAt)
        .stopCode(stopCode)
        .stoppedReason(stoppedReason)
        .containers(
            Container.builder()
                .name("agent")
                .taskArn(arn)
                .lastStatus(containerStatus())
                .exitCode(exitCode)
                .reason(containerReason)
                .build())
        .build();
  }

  /** The event of its present state. */
  String event(Instant now) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "agent");
    container.put("taskArn", arn);
    container.put("lastStatus", containerStatus());
    put(container, "exitCode", exitCode);
    put(container, "reason", containerReason);
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("clusterArn", cluster);
    detail.put("containers", List.of(container));
    detail.put("createdAt", createdAt.toString());
    detail.put("desiredStatus", desiredStatus);
    detail.put("lastStatus", lastStatus);
    detail.put("launchType", "FARGATE");
    detail.put(
        "overrides",
        Map.of(
            "containerOverrides",
            overrides().stream()
                .map(
                    override ->
                        Map.of(
                            "name",
                            override.name(),
                            "environment",
                            override.environment().stream()
                                .map(v -> Map.of("name", v.name(), "value", v.value()))
                                .toList()))
                .toList()));
    put(detail, "startedAt", text(startedAt));
    put(detail, "startedBy", request.startedBy());
    put(detail, "stoppingAt", text(stoppingAt));
    put(detail, "stoppedAt", text(stoppedAt));
    put(detail, "stopCode", stopCode);
    put(detail, "stoppedReason", stoppedReason);
    detail.put("taskArn", arn);
    detail.put("taskDefinitionArn", definition);
    detail.put("updatedAt", now.toString());
    detail.put("version", version);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "0");
    event.put("id", arn.substring(arn.lastIndexOf('/') + 1) + "-" + version);
    event.put("detail-type", "ECS Task State Change");
    event.put("source", "aws.ecs");
    event.put("account", "111122223333");
    event.put("time", now.toString());
    event.put("region", "eu-central-1");
    event.put("resources", List.of(arn));
    event.put("detail", detail);
    return Json.text(event);
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static void put(Map<String, Object> fields, String name, Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
