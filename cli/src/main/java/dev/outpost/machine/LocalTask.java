package dev.outpost.machine;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A task of the Fargate stand-in.
 *
 * @param id 32 hexadecimal digits, the end of its ARN
 * @param detail the task as ECS tells it, in the form of an event's {@code detail}
 * @param leader the process that leads its session, once it was started
 */
record LocalTask(String id, Map<String, Object> detail, Optional<ProcessMark> leader) {
  static final String ACCOUNT = "000000000000";
  static final String REGION = "local";
  static final String ARN = "arn:aws:ecs:" + REGION + ":" + ACCOUNT + ":";
  static final String CLUSTER = "outpost";
  static final String OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage";

  private static final String STOPPED = "STOPPED";

  LocalTask {
    Objects.requireNonNull(id, "id");
    detail = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(detail));
    Objects.requireNonNull(leader, "leader");
  }

  static String arn(String id) {
    return ARN + "task/" + CLUSTER + "/" + id;
  }

  /** The id at the end of an ARN, or the text itself: ECS takes either. */
  static String idOf(String arnOrId) {
    return arnOrId.substring(arnOrId.lastIndexOf('/') + 1);
  }

  String arn() {
    return arn(id);
  }

  String startedBy() {
    return detail.get("startedBy") instanceof String text ? text : "";
  }

  String lastStatus() {
    return (String) detail.get("lastStatus");
  }

  String desiredStatus() {
    return (String) detail.get("desiredStatus");
  }

  boolean isStopped() {
    return STOPPED.equals(lastStatus());
  }

  boolean isToStop() {
    return STOPPED.equals(desiredStatus());
  }

  Optional<Instant> time(String field) {
    return Optional.ofNullable((String) detail.get(field)).map(Instant::parse);
  }

  long memoryMb() {
    return Long.parseLong((String) detail.get("memory"));
  }

  /** Whether it was killed for its memory use. */
  boolean isOutOfMemory() {
    return OUT_OF_MEMORY.equals(container().get("reason"));
  }

  @SuppressWarnings("unchecked") // The detail is of our own making.
  Map<String, Object> container() {
    return ((List<Map<String, Object>>) detail.get("containers")).getFirst();
  }

  /** The variables that its RunTask set. */
  @SuppressWarnings("unchecked") // As above.
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    Map<String, Object> overrides = (Map<String, Object>) detail.get("overrides");
    for (Map<String, Object> container :
        (List<Map<String, Object>>) overrides.get("containerOverrides")) {
      for (Map<String, String> variable :
          (List<Map<String, String>>) container.getOrDefault("environment", List.of())) {
        environment.put(variable.get("name"), variable.get("value"));
      }
    }
    return environment;
  }

  /** The task with other fields. */
  LocalTask with(Map<String, ?> fields) {
    Map<String, Object> changed = new LinkedHashMap<>(detail);
    changed.putAll(fields);
    return new LocalTask(id, changed, leader);
  }

  /** The task with other fields of its one container. */
  LocalTask withContainer(Map<String, ?> fields) {
    Map<String, Object> changed = new LinkedHashMap<>(container());
    changed.putAll(fields);
    return with(Map.of("containers", List.of(changed)));
  }

  LocalTask startedAs(ProcessMark process) {
    return new LocalTask(id, detail, Optional.of(process));
  }

  LocalTask in(String lastStatus) {
    return with(Map.of("lastStatus", lastStatus));
  }

  /** The task as it shall be stopped, the first reason being the one that counts. */
  LocalTask toStop(String stopCode, String reason, Instant now) {
    return isToStop()
        ? this
        : with(
            Map.of(
                "desiredStatus",
                STOPPED,
                "stopCode",
                stopCode,
                "stoppedReason",
                reason,
                "stoppingAt",
                now.toString()));
  }

  /** The task after its end. */
  LocalTask stopped(Instant now) {
    return in(STOPPED)
        .withContainer(Map.of("lastStatus", STOPPED))
        .with(Map.of("stoppedAt", now.toString()));
  }

  String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("detail", detail);
    leader.ifPresent(
        process ->
            fields.put(
                "leader",
                Map.of("pid", process.pid(), "boot", process.boot(), "start", process.start())));
    return Json.write(fields);
  }

  @SuppressWarnings("unchecked") // As above.
  static LocalTask of(String id, String json) {
    Map<String, Object> fields = Json.read(json);
    Map<String, Object> leader = (Map<String, Object>) fields.get("leader");
    return new LocalTask(
        id,
        (Map<String, Object>) fields.get("detail"),
        leader == null
            ? Optional.empty()
            : Optional.of(
                new ProcessMark(
                    ((Number) leader.get("pid")).longValue(),
                    (String) leader.get("boot"),
                    (String) leader.get("start"))));
  }
}
