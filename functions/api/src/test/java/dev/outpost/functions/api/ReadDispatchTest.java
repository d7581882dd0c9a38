package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Progress;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadDispatchTest {
  private static final Usage USAGE = new Usage(1000, 300, 50, OptionalDouble.of(0.25));
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void aWaitingDispatchHasEveryKey() {
    Dispatch dispatch = installation.accepted();
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id()).data();
    assertThat(data.keySet().toString())
        .isEqualTo(
            "[dispatchId, status, agent, modelId, task, repo, branch, workspaceMode,"
                + " workspaceId, workspaceName, workspaceBusy, workspaceSavedBytes, progress,"
                + " logs, logOffset,"
                + " createdAt, startedAt, endedAt, taskArn, exitCode, errorMessage, cause,"
                + " retryable, tags, usage, timeoutSeconds, maxCostUsd, maxTokens, groupId, parentId, fallback,"
                + " retryOf, fallbackId, output]");
    assertThat(data.get("status")).isEqualTo("pending");
    assertThat(data.get("task")).isEqualTo("Write the test that is missing.");
    assertThat(data.get("progress")).isEqualTo(Map.of("percent", 0, "message", "waiting"));
    assertThat(data.get("logs")).isEqualTo(List.of());
    assertThat(data.get("logOffset")).isEqualTo(0);
    assertThat(data.get("createdAt")).isEqualTo("2026-11-22T21:20:30.123Z");
    assertThat(data.get("startedAt")).isNull();
    assertThat(data.get("taskArn")).isNull();
    assertThat(data.get("exitCode")).isNull();
    assertThat(data.get("usage")).isNull();
    assertThat(data.get("tags")).isEqualTo(Map.of());
    assertThat(data.get("timeoutSeconds")).isEqualTo(600);
    assertThat(data.get("maxCostUsd")).isNull();
    assertThat(data.get("maxTokens")).isNull();
  }

  @Test
  void aRunningDispatchTellsHowFarItIs() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.happens(
        dispatch,
        new DispatchEvent.Heard(
            1, installation.now(), new Progress(40, "running tests"), Optional.of(USAGE)));
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id()).data();
    assertThat(data.get("status")).isEqualTo("running");
    assertThat(data.get("progress")).isEqualTo(Map.of("percent", 40, "message", "running tests"));
    assertThat(data.get("startedAt")).isEqualTo("2026-11-22T21:20:30.123Z");
    assertThat(data.get("taskArn")).isEqualTo(Installation.TASK_ARN);
    assertThat(data.get("usage"))
        .isEqualTo(
            Map.of(
                "inputTokens", 1000,
                "cachedTokens", 300,
                "outputTokens", 50,
                "costUsd", 0.25,
                "costSource", "agent"));
    assertThat(data.get("endedAt")).isNull();
  }

  @Test
  void aSuccessHasItsExitCodeAndNoCause() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.happens(
        dispatch, new DispatchEvent.Finished(1, installation.now(), result(Optional.empty(), 0)));
    assertThat(installation.get("/dispatch/" + dispatch.id()).data().get("status"))
        .isEqualTo("completing");
    installation.stop(dispatch, 0);
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id()).data();
    assertThat(data.get("status")).isEqualTo("success");
    assertThat(data.get("progress")).isEqualTo(Map.of("percent", 100, "message", "success"));
    assertThat(data.get("exitCode")).isEqualTo(0);
    assertThat(data.get("cause")).isNull();
    assertThat(data.get("retryable")).isNull();
    assertThat(data.get("errorMessage")).isNull();
    assertThat(data.get("endedAt")).isEqualTo("2026-11-22T21:20:30.123Z");
  }

  @Test
  void aFailureTellsItsCauseAndWhetherToTryAgain() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.happens(
        dispatch,
        new DispatchEvent.Finished(
            1,
            installation.now(),
            result(Optional.of(new Failure(Cause.RATE_LIMITED, "Try later.")), 1)));
    installation.stop(dispatch, 1);
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id()).data();
    assertThat(data.get("status")).isEqualTo("failed");
    assertThat(data.get("cause")).isEqualTo("rate_limited");
    assertThat(data.get("retryable")).isEqualTo(true);
    assertThat(data.get("errorMessage")).isEqualTo("Try later.");
    assertThat(data.get("exitCode")).isEqualTo(1);
  }

  @Test
  void logsAreReadFromWhereTheLastAnswerEnded() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.logs.create(Installation.stream(dispatch).getFirst());
    for (int n = 0; n < 5; n++) {
      installation.logs.print(
          n, installation.now().toEpochMilli(), "2026-11-22T21:20:30.123Z", "line " + n);
    }
    Map<?, ?> first = installation.get("/dispatch/" + dispatch.id() + "?logLimit=3").data();
    assertThat(messages(first)).containsExactly("line 0", "line 1", "line 2");
    assertThat(first.get("logOffset")).isEqualTo(3);
    assertThat(((List<?>) first.get("logs")).getFirst())
        .isEqualTo(
            Map.of("timestamp", "2026-11-22T21:20:30.123Z", "message", "line 0", "level", "info"));
    Map<?, ?> second = installation.get("/dispatch/" + dispatch.id() + "?logOffset=3").data();
    assertThat(messages(second)).containsExactly("line 3", "line 4");
    assertThat(second.get("logOffset")).isEqualTo(5);
    Map<?, ?> third = installation.get("/dispatch/" + dispatch.id() + "?logOffset=5").data();
    assertThat(messages(third)).isEmpty();
    assertThat(third.get("logOffset")).isEqualTo(5);
  }

  @Test
  void skippedLogsAreNotAskedFor() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    Map<?, ?> data =
        installation.get("/dispatch/" + dispatch.id() + "?skipLogs=true&logOffset=7").data();
    assertThat(messages(data)).isEmpty();
    assertThat(data.get("logOffset")).isEqualTo(7);
    assertThat(installation.logs.requests()).isEmpty();
  }

  @Test
  void aLogThatCannotBeReadHidesNoStatusAndLosesNoLine() {
    Dispatch dispatch = installation.accepted();
    installation.run(dispatch);
    installation.logs.breakDown();
    Reply reply = installation.get("/dispatch/" + dispatch.id() + "?logOffset=7");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.data().get("status")).isEqualTo("running");
    assertThat(reply.data().get("logOffset")).isEqualTo(7);
  }

  @Test
  void aWaitingReaderHearsOfAChangeAtOnce() {
    Dispatch dispatch = installation.accepted();
    installation.whileWaiting(() -> installation.run(dispatch));
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id() + "?waitSeconds=20").data();
    assertThat(data.get("status")).isEqualTo("running");
    assertThat(installation.now()).isEqualTo(Installation.NOW.plusMillis(500));
  }

  @Test
  void aWaitingReaderHearsTheStateWhenItsTimeIsUp() {
    Dispatch dispatch = installation.accepted();
    Map<?, ?> data = installation.get("/dispatch/" + dispatch.id() + "?waitSeconds=2").data();
    assertThat(data.get("status")).isEqualTo("pending");
    assertThat(installation.now()).isEqualTo(Installation.NOW.plus(Duration.ofSeconds(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dsp_00000000000000000000000000",
        "dsp_0",
        "nonsense",
        "dsp_00000000000000000000000000x",
        "%00",
        "DSP_00000000000000000000000000"
      })
  void whateverIsNotThereAnswersAlike(String id) {
    Dispatch others = installation.accepted();
    Event ask =
        Event.of("GET", "/dispatch/" + others.id())
            .authorizer("tenantId", "11111111-2222-3333-4444-555555555555");
    Reply anothersAnswer = installation.send(ask);
    Reply reply = installation.get("/dispatch/" + id);
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NOT_FOUND");
    assertThat(reply).isEqualTo(anothersAnswer);
  }

  @ParameterizedTest
  @CsvSource({
    "logOffset=-1, logOffset",
    "logOffset=x, logOffset",
    "logOffset=99999999999999999999, logOffset",
    "logLimit=0, logLimit",
    "logLimit=1001, logLimit",
    "logLimit=, logLimit",
    "'logLimit=5&logLimit=6', logLimit",
    "skipLogs=yes, skipLogs",
    "waitSeconds=21, waitSeconds",
    "waitSeconds=-1, waitSeconds",
    "waitSeconds=1.5, waitSeconds",
    "wait=5, wait"
  })
  void aWrongParameterIsNamed(String query, String path) {
    Dispatch dispatch = installation.accepted();
    Reply reply = installation.get("/dispatch/" + dispatch.id() + "?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
  }

  private static RunResult result(Optional<Failure> failure, int exitCode) {
    return new RunResult(
        failure,
        OptionalInt.of(exitCode),
        "done",
        Optional.of(USAGE),
        Optional.empty(),
        0,
        List.of());
  }

  private static List<Object> messages(Map<?, ?> data) {
    return ((List<?>) data.get("logs"))
        .stream().<Object>map(line -> ((Map<?, ?>) line).get("message")).toList();
  }
}
