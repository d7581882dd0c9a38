package dev.outpost.functions.api.logs;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import dev.outpost.dispatch.Logs;
import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * The lines of runners in CloudWatch Logs. Safe for use by many threads.
 *
 * <p>A runner numbers its lines; each is a JSON object {@code {"n","timestamp","level","message"}}.
 * They are asked for by number, so that reading on costs what is new and not what was before.
 */
public final class CloudWatchLogs implements Logs {
  /** How long after a later line a missing one may still arrive. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /** A page may be empty although there are more; a reader must not wait for ever. */
  private static final int MAX_PAGES = 10;

  /** A number that no line has. */
  private static final long BEYOND = 1_000_000_000L;

  private final CloudWatchLogsClient client;
  private final String group;
  private final List<String> agents;
  private final InstantSource clock;

  /**
   * The logs of an installation.
   *
   * @param agents ids of the agents, for the names of the streams
   */
  public CloudWatchLogs(
      CloudWatchLogsClient client, String stage, List<String> agents, InstantSource clock) {
    this.client = Objects.requireNonNull(client, "client");
    this.group = "/outpost/" + Objects.requireNonNull(stage, "stage") + "/agents";
    this.agents = List.copyOf(agents);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public List<LogLine> read(DispatchId id, Launch launch, long offset, int limit) {
    Optional<String> stream = stream(launch);
    if (stream.isEmpty() || offset >= BEYOND) {
      return List.of();
    }
    // What is missing then may be there when the answer comes.
    Instant asked = clock.instant();
    NavigableMap<Long, LogLine> lines = new TreeMap<>();
    FilterLogEventsRequest.Builder request =
        FilterLogEventsRequest.builder()
            .logGroupName(group)
            .logStreamNames(stream.get())
            .startTime(launch.at().toEpochMilli())
            .filterPattern("{ $.n >= " + offset + " }")
            .limit(limit);
    try {
      for (int page = 0; page < MAX_PAGES && lines.size() < limit; page++) {
        FilterLogEventsResponse response = client.filterLogEvents(request.build());
        for (FilteredLogEvent event : response.events()) {
          add(event, offset, lines);
        }
        if (response.nextToken() == null) {
          break;
        }
        request.nextToken(response.nextToken());
      }
    } catch (ResourceNotFoundException _) {
      // The stream begins with its first line.
      return List.of();
    }
    return consecutive(lines, offset, limit, asked.minus(SETTLED));
  }

  /** {@code agent/container/task}, as the awslogs driver names it. */
  private Optional<String> stream(Launch launch) {
    String definition = launch.taskDefinition();
    String family = definition.substring(definition.lastIndexOf('/') + 1);
    int revision = family.lastIndexOf(':');
    String name = revision < 0 ? family : family.substring(0, revision);
    Optional<String> agent =
        agents.stream().filter(id -> ("-" + name + "-").contains("-" + id + "-")).findFirst();
    Optional<String> task = launch.taskArn().map(arn -> arn.substring(arn.lastIndexOf('/') + 1));
    return agent.isPresent() && task.isPresent()
        ? Optional.of(agent.get() + "/agent/" + task.get())
        : Optional.empty();
  }

  private static void add(FilteredLogEvent event, long offset, Map<Long, LogLine> lines) {
    try {
      Map<?, ?> json = Json.object(event.message());
      if (json.get("n") instanceof Number n
          && n.longValue() >= offset
          && json.get("message") instanceof String message) {
        String level = json.get("level") instanceof String text ? text : "info";
        lines.put(n.longValue(), new LogLine(at(json.get("timestamp"), event), level, message));
      }
    } catch (MalformedJson _) {
      // Not a runner's line: the container's own words before the runner lives.
    }
  }

  private static Instant at(Object timestamp, FilteredLogEvent event) {
    try {
      return Instant.parse(String.valueOf(timestamp));
    } catch (DateTimeException _) {
      return Instant.ofEpochMilli(event.timestamp());
    }
  }

  /**
   * The lines without a gap, for the reader counts them to know where to read on. A line that is
   * missing between others may be about to arrive; one that is missing for long was lost on its
   * way, and a line that says so keeps its place.
   *
   * @param settled what is missing before a line that is not later than this was lost
   */
  private static List<LogLine> consecutive(
      NavigableMap<Long, LogLine> lines, long offset, int limit, Instant settled) {
    List<LogLine> consecutive = new ArrayList<>();
    for (long n = offset; consecutive.size() < limit; n++) {
      LogLine line = lines.get(n);
      if (line == null) {
        Map.Entry<Long, LogLine> later = lines.higherEntry(n);
        if (later == null || later.getValue().at().isAfter(settled)) {
          break;
        }
        line = new LogLine(later.getValue().at(), "error", "(a line was lost here)");
      }
      consecutive.add(line);
    }
    return consecutive;
  }
}
