package dev.outpost.functions.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

/**
 * CloudWatch Logs as far as FilterLogEvents goes: one stream, the one pattern that we use, and
 * pages that may be short or empty although there are more.
 */
public final class FakeCloudWatchLogs implements CloudWatchLogsClient {
  private record Line(long at, Optional<Long> n, String message) {}

  private final List<FilterLogEventsRequest> requests = new ArrayList<>();
  private final List<Line> lines = new ArrayList<>();
  private Optional<String> stream = Optional.empty();
  private int pageSize = 10_000;
  private boolean broken;

  /** The stream exists under that name. */
  public void create(String name) {
    stream = Optional.of(name);
  }

  /** A runner printed its n-th line. */
  public void print(long n, long atMillis, String timestamp, String message) {
    String json =
        "{\"n\":"
            + n
            + ",\"timestamp\":\""
            + timestamp
            + "\",\"level\":\"info\",\"message\":\""
            + message
            + "\"}";
    lines.add(new Line(atMillis, Optional.of(n), json));
  }

  /** Something else printed a line. */
  public void printRaw(long atMillis, String text) {
    lines.add(new Line(atMillis, Optional.empty(), text));
  }

  /** Pages hold no more than so many lines, matching or not. */
  public void pageSize(int size) {
    pageSize = size;
  }

  /** Every call fails from now on. */
  public void breakDown() {
    broken = true;
  }

  /** The calls that were made. */
  public List<FilterLogEventsRequest> requests() {
    return requests;
  }

  @Override
  public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest request) {
    requests.add(request);
    if (broken) {
      throw CloudWatchLogsException.builder().message("Rate exceeded").statusCode(400).build();
    }
    if (stream.isEmpty() || !request.logStreamNames().equals(List.of(stream.get()))) {
      throw ResourceNotFoundException.builder().message("The stream does not exist.").build();
    }
    String pattern = request.filterPattern();
    long least =
        Long.parseLong(pattern.substring("{ $.n >= ".length(), pattern.length() - " }".length()));
    int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
    int to = Math.min(lines.size(), from + pageSize);
    List<FilteredLogEvent> events = new ArrayList<>();
    int at = from;
    while (at < to && events.size() < request.limit()) {
      Line line = lines.get(at);
      if (line.at() >= request.startTime() && line.n().filter(n -> n >= least).isPresent()) {
        events.add(FilteredLogEvent.builder().timestamp(line.at()).message(line.message()).build());
      }
      at++;
    }
    return FilterLogEventsResponse.builder()
        .events(events)
        .nextToken(at < lines.size() ? Integer.toString(at) : null)
        .build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {}
}
