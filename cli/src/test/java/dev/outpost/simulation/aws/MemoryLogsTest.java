package dev.outpost.simulation.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsRequest;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException;

class MemoryLogsTest {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private Instant now = START;
  private Duration ingestion = Duration.ZERO;
  private int page = Integer.MAX_VALUE;
  private final MemoryLogs logs =
      new MemoryLogs(
          "group",
          () -> now,
          new MemoryLogs.Liberties() {
            @Override
            public Duration ingestion() {
              return ingestion;
            }

            @Override
            public int page(int left) {
              return Math.min(left, page);
            }
          });

  private static String line(int n) {
    return "{\"n\":" + n + "}";
  }

  private FilterLogEventsRequest.Builder request(int least, int limit) {
    return FilterLogEventsRequest.builder()
        .logGroupName("group")
        .logStreamNames("stream")
        .startTime(START.toEpochMilli())
        .filterPattern("{ $.n >= " + least + " }")
        .limit(limit);
  }

  private List<String> read(FilterLogEventsRequest.Builder request) {
    List<String> found = new ArrayList<>();
    FilterLogEventsResponse response;
    do {
      response = logs.filterLogEvents(request.build());
      response.events().stream().map(FilteredLogEvent::message).forEach(found::add);
      request.nextToken(response.nextToken());
    } while (response.nextToken() != null);
    return found;
  }

  @Test
  void whatBelongsToTheStreamAndHasThatNumberIsFoundPageByPage() {
    logs.put("stream", "the container's own words");
    for (int n = 0; n < 5; n++) {
      logs.put("stream", line(n));
      logs.put("another", line(n));
    }
    assertThat(read(request(2, 2))).containsExactly(line(2), line(3), line(4));
    page = 1;
    assertThat(read(request(3, 100))).containsExactly(line(3), line(4));
  }

  @Test
  void aPageMayBeEmptyAlthoughThereAreMore() {
    logs.put("stream", line(0));
    page = 0;
    FilterLogEventsResponse response = logs.filterLogEvents(request(0, 1).build());
    assertThat(response.events()).isEmpty();
    assertThat(response.nextToken()).isNotNull();
  }

  @Test
  void aStreamIsThereWhenItsFirstLineIsFound() {
    ingestion = Duration.ofSeconds(5);
    logs.put("stream", line(0));
    assertThatThrownBy(() -> read(request(0, 1))).isInstanceOf(ResourceNotFoundException.class);
    now = now.plusSeconds(5);
    assertThat(read(request(0, 1))).containsExactly(line(0));
    assertThat(read(request(0, 1).startTime(now.toEpochMilli()))).isEmpty();
  }
}
