package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListDispatchesTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void theNewestComesFirstPartByPart() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(installation.accepted().id().value());
      installation.advance(Duration.ofSeconds(1));
    }
    List<Object> seen = new ArrayList<>();
    String cursor = "";
    do {
      Map<?, ?> data = installation.get("/dispatch?limit=2" + cursor).data();
      assertThat(data.keySet().toString()).isEqualTo("[dispatches, nextCursor, hasMore]");
      seen.addAll(ids(data));
      cursor = "&cursor=" + data.get("nextCursor");
      assertThat(data.get("hasMore")).isEqualTo(data.get("nextCursor") != null);
    } while (!cursor.endsWith("=null"));
    assertThat(seen).isEqualTo(ids);
  }

  @Test
  void aSummaryHasAllButTheTaskAndTheLogs() {
    installation.accepted();
    Map<?, ?> data = installation.get("/dispatch").data();
    Map<?, ?> summary = (Map<?, ?>) ((List<?>) data.get("dispatches")).getFirst();
    assertThat(summary.keySet().toString())
        .isEqualTo(
            "[dispatchId, status, agent, modelId, repo, branch, workspaceMode,"
                + " workspaceId, workspaceName, workspaceBusy, workspaceSavedBytes, progress,"
                + " createdAt, startedAt,"
                + " endedAt, taskArn, exitCode, errorMessage, cause, retryable, tags, usage,"
                + " timeoutSeconds, maxCostUsd, maxTokens, groupId, parentId, fallback,"
                + " retryOf]");
  }

  @ParameterizedTest
  @CsvSource({
    "status=running, 1",
    "status=pending, 2",
    "agent=gemini, 1",
    "agent=nobody, 0",
    "repo=octo-org/shop, 1",
    "tag=team, 1",
    "tag=web, 0",
    "since=2026-11-22T21:20:31Z, 2",
    "until=2026-11-22T21:20:31Z, 1",
    "since=2026-11-22T22:20:31 01:00, 2",
    "'status=pending&agent=gemini', 1"
  })
  void filtersPickWhatIsWanted(String query, int count) {
    Dispatch first = installation.accepted();
    installation.run(first);
    installation.advance(Duration.ofSeconds(10));
    installation.send(Event.file());
    installation.accepted("{\"agent\":\"gemini\",\"task\":\"Tidy the build file.\"}");
    assertThat(ids(installation.get("/dispatch?" + query).data())).hasSize(count);
  }

  @Test
  void anotherTenantsDispatchesAreInvisible() {
    installation.accepted();
    Reply reply =
        installation.send(
            Event.of("GET", "/dispatch")
                .authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(ids(reply.data())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "status=done, status",
    "status=RUNNING, status",
    "limit=0, limit",
    "limit=101, limit",
    "limit=ten, limit",
    "cursor=%%%, cursor",
    "cursor=ZHNwXzA, cursor",
    "cursor=, cursor",
    "since=yesterday, since",
    "until=2026-11-22, until",
    "'since=2026-11-22T00:00:00Z&until=2026-11-21T00:00:00Z', until",
    "page=2, page"
  })
  void aWrongParameterIsNamed(String query, String path) {
    Reply reply = installation.get("/dispatch?" + query);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("VALIDATION_ERROR");
    assertThat(reply.paths()).containsExactly(path);
  }

  private static List<Object> ids(Map<?, ?> data) {
    return ((List<?>) data.get("dispatches"))
        .stream().<Object>map(summary -> ((Map<?, ?>) summary).get("dispatchId")).toList();
  }
}
