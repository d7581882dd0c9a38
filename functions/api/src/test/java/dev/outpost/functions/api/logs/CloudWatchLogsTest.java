package dev.outpost.functions.api.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import dev.outpost.functions.api.FakeCloudWatchLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.model.CloudWatchLogsException;

class CloudWatchLogsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:30:00Z");
  private static final DispatchId ID = new DispatchId("dsp_00000000000000000000000000");
  private static final String DEFINITION =
      "arn:aws:ecs:eu-central-1:111122223333:task-definition/outpost-claude-dev:7";
  private static final String TASK = "arn:aws:ecs:eu-central-1:111122223333:task/outpost/0123abcd";

  private final FakeCloudWatchLogs client = new FakeCloudWatchLogs();
  private final CloudWatchLogs logs =
      new CloudWatchLogs(client, "dev", List.of("claude", "codex"), () -> NOW);

  @Test
  void linesAreAskedForByNumberInTheTasksStream() {
    client.create("claude/agent/0123abcd");
    client.printRaw(NOW.toEpochMilli(), "container started");
    print(0, 9);
    List<LogLine> lines = read(4, 3);
    assertThat(lines).extracting(LogLine::message).containsExactly("line 4", "line 5", "line 6");
    assertThat(lines.getFirst().level()).isEqualTo("info");
    assertThat(lines.getFirst().at()).isEqualTo(NOW.minusSeconds(5));
    assertThat(client.requests().getFirst().logGroupName()).isEqualTo("/outpost/dev/agents");
    assertThat(client.requests().getFirst().filterPattern()).isEqualTo("{ $.n >= 4 }");
    assertThat(client.requests().getFirst().startTime())
        .isEqualTo(NOW.minus(Duration.ofMinutes(5)).toEpochMilli());
  }

  @Test
  void shortAndEmptyPagesAreNotTheEnd() {
    client.create("claude/agent/0123abcd");
    client.pageSize(2);
    print(0, 9);
    assertThat(read(6, 100))
        .extracting(LogLine::message)
        .containsExactly("line 6", "line 7", "line 8");
    assertThat(client.requests()).hasSize(5);
  }

  @Test
  void noReaderWaitsForEndlessPages() {
    client.create("claude/agent/0123abcd");
    client.pageSize(1);
    print(0, 100);
    assertThat(read(90, 100)).isEmpty();
    assertThat(client.requests()).hasSize(10);
  }

  @Test
  void aStreamThatHasNotBegunIsEmpty() {
    assertThat(read(0, 100)).isEmpty();
  }

  @Test
  void aTaskThatIsNotKnownYetHasNoLog() {
    Launch launch = new Launch(1, NOW, DEFINITION, Optional.empty());
    assertThat(logs.read(ID, launch, 0, 100)).isEmpty();
    assertThat(client.requests()).isEmpty();
  }

  @Test
  void aLineThatMayStillArriveIsWaitedFor() {
    client.create("claude/agent/0123abcd");
    print(0, 2);
    client.print(3, NOW.toEpochMilli(), NOW.minusSeconds(5).toString(), "line 3");
    assertThat(read(0, 100)).extracting(LogLine::message).containsExactly("line 0", "line 1");
  }

  @Test
  void aSlowAnswerMakesNoLineOneThatWasLost() {
    client.create("claude/agent/0123abcd");
    print(0, 2);
    client.print(3, NOW.toEpochMilli(), NOW.minusSeconds(40).toString(), "line 3");
    Iterator<Instant> times = List.of(NOW, NOW.plusSeconds(25)).iterator();
    CloudWatchLogs slow = new CloudWatchLogs(client, "dev", List.of("claude"), times::next);
    Launch launch = new Launch(1, NOW.minus(Duration.ofMinutes(5)), DEFINITION, Optional.of(TASK));
    assertThat(slow.read(ID, launch, 0, 100)).hasSize(2);
  }

  @Test
  void aLineThatWasLostKeepsItsPlace() {
    client.create("claude/agent/0123abcd");
    print(0, 2);
    client.print(3, NOW.toEpochMilli(), NOW.minusSeconds(61).toString(), "line 3");
    assertThat(read(0, 100))
        .extracting(LogLine::message)
        .containsExactly("line 0", "line 1", "(a line was lost here)", "line 3");
  }

  @Test
  void linesOfOtherOriginAreLeftOut() {
    client.create("claude/agent/0123abcd");
    client.print(0, NOW.toEpochMilli(), "not a time", "line 0");
    List<LogLine> lines = read(0, 100);
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().at()).isEqualTo(NOW);
  }

  @Test
  void anOffsetBeyondEverythingCostsNoCall() {
    assertThat(read(Long.MAX_VALUE, 100)).isEmpty();
    assertThat(client.requests()).isEmpty();
  }

  @Test
  void aRefusalOfTheServiceIsToldToTheCaller() {
    client.breakDown();
    assertThatThrownBy(() -> read(0, 100)).isInstanceOf(CloudWatchLogsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude", "claude:3", "outpost-claude-dev:3", DEFINITION})
  void theStreamIsNamedByTheAgentOfTheDefinition(String definition) {
    client.create("claude/agent/0123abcd");
    print(0, 1);
    Launch launch = new Launch(1, NOW.minus(Duration.ofMinutes(5)), definition, Optional.of(TASK));
    assertThat(logs.read(ID, launch, 0, 100)).hasSize(1);
  }

  private void print(int from, int to) {
    Instant at = NOW.minusSeconds(5);
    for (int n = from; n < to; n++) {
      client.print(n, at.toEpochMilli(), at.toString(), "line " + n);
    }
  }

  private List<LogLine> read(long offset, int limit) {
    Launch launch = new Launch(1, NOW.minus(Duration.ofMinutes(5)), DEFINITION, Optional.of(TASK));
    return logs.read(ID, launch, offset, limit);
  }
}
