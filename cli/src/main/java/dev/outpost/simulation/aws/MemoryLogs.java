package dev.outpost.simulation.aws;

import dev.outpost.edge.Json;
import dev.outpost.edge.MalformedJson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * CloudWatch Logs in memory, as far as FilterLogEvents goes: streams of one group by their names,
 * and the one pattern that asks for lines by their number. Not safe for use by several threads.
 *
 * <p>Document: API Reference FilterLogEvents, by which a page may be short or empty although there
 * are more, and events may take a while until they are found.
 */
public final class MemoryLogs implements CloudWatchLogsClient {
  private static final int MAX_EVENTS = 10_000;
  private static final Pattern BY_NUMBER = Pattern.compile("\\{ \\$\\.n >= (\\d+) }");

  private final String group;
  private final InstantSource clock;
  private final Liberties liberties;
  private final Map<String, List<Line>> streams = new HashMap<>();

  private record Line(Instant at, Instant foundFrom, Optional<Long> number, String text) {
    private boolean isFound(Instant now) {
      return !now.isBefore(foundFrom);
    }
  }

  /** What the service may do, and does when it likes. */
  public interface Liberties {
    /** None is taken. */
    Liberties NONE =
        new Liberties() {
          @Override
          public Duration ingestion() {
            return Duration.ZERO;
          }

          @Override
          public int page(int left) {
            return left;
          }
        };

    /** How long it takes until a line is found; asked for each line. */
    Duration ingestion();

    /** How many of so many events a page looks at. */
    int page(int left);
  }

  /** A group without a stream, the only one. */
  public MemoryLogs(String group, InstantSource clock, Liberties liberties) {
    this.group = Objects.requireNonNull(group, "group");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.liberties = Objects.requireNonNull(liberties, "liberties");
  }

  /** Takes a line of a stream, which begins with its first. */
  public void put(String stream, String text) {
    Instant now = clock.instant();
    streams
        .computeIfAbsent(stream, _ -> new ArrayList<>())
        .add(new Line(now, now.plus(liberties.ingestion()), number(text), text));
  }

  private static Optional<Long> number(String text) {
    try {
      return Json.object(text).get("n") instanceof Number n
          ? Optional.of(n.longValue())
          : Optional.empty();
    } catch (MalformedJson _) {
      return Optional.empty();
    }
  }

  @Override
  public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
    Matcher pattern = BY_NUMBER.matcher(String.valueOf(request.filterPattern()));
    if (!pattern.matches()
        || request.logStreamNames().size() != 1
        || request.limit() < 1
        || request.limit() > MAX_EVENTS) {
      throw InvalidParameterException.builder().message("not as it is known here").build();
    }
    long least = Long.parseLong(pattern.group(1));
    Instant now = clock.instant();
    List<Line> lines = streams.getOrDefault(request.logStreamNames().getFirst(), List.of());
    if (!group.equals(request.logGroupName())
        || lines.stream().noneMatch(line -> line.isFound(now))) {
      throw ResourceNotFoundException.builder()
          .message("The specified log stream does not exist.")
          .build();
    }
    int at = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    int to = at + liberties.page(lines.size() - at);
    List<FilteredLogEvent> events = new ArrayList<>();
    for (; at < to && events.size() < request.limit(); at++) {
      Line line = lines.get(at);
      if (line.isFound(now)
          && line.at().toEpochMilli() >= request.startTime()
          && line.number().filter(n -> n >= least).isPresent()) {
        events.add(
            FilteredLogEvent.builder()
                .timestamp(line.at().toEpochMilli())
                .message(line.text())
                .build());
      }
    }
    return FilterLogEventsResponse.builder()
        .events(events)
        .nextToken(at < lines.size() ? String.valueOf(at) : null)
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
