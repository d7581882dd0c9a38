package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.run.Artifact;
import dev.outpost.run.RunResult;
import dev.outpost.run.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One task for several agents. */
class GroupsTest {
  private static final String TWO =
      "{\"agent\":[\"claude\",\"gemini\"],\"task\":\"Write the missing test.\",\"repo\":\"a/b\"";
  private static final String UNKNOWN = "/groups/grp_00000000000000000000000000";
  private static final String OTHER_TENANT = "11111111-2222-3333-4444-555555555555";

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private Reply create(String body) {
    return installation.send(Event.post(body));
  }

  private static List<Map<?, ?>> members(Reply reply) {
    List<Map<?, ?>> members = new ArrayList<>();
    ((List<?>) reply.data().get("dispatches")).forEach(one -> members.add((Map<?, ?>) one));
    return members;
  }

  private Dispatch member(Reply reply, int place) {
    return installation.find((String) members(reply).get(place).get("dispatchId"));
  }

  @Test
  void eachAgentGetsADispatchAndTheGroupIsTheirPlace() {
    Reply reply = create(TWO + ",\"context\":\"full\",\"tags\":{\"a\":\"b\"}}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    String group = (String) reply.data().get("groupId");
    assertThat(group).startsWith("grp_");
    assertThat(reply.header("Location")).isEqualTo("/groups/" + group);
    assertThat(reply.data().keySet().toString()).isEqualTo("[groupId, dispatches]");
    assertThat(members(reply))
        .extracting(m -> m.get("agent"))
        .isEqualTo(List.of("claude", "gemini"));
    assertThat(members(reply).getFirst().keySet().toString())
        .isEqualTo("[dispatchId, status, agent, modelId, estimatedStartTime]");
    assertThat(members(reply).get(1).get("modelId")).isEqualTo("gemini-3-pro-preview");
    assertThat(installation.enqueued()).isEqualTo(2);
    assertThat(installation.stored()).isEqualTo(2);
    assertThat(installation.get("/dispatch/" + member(reply, 1).id()).data().get("groupId"))
        .isEqualTo(group);
    assertThat(member(reply, 1).spec().tags()).isEqualTo(Map.of("a", "b"));
    assertThat(installation.accepted().origin().inGroup()).as("one alone").isEmpty();
  }

  @Test
  void eachAgentMayHaveAModelOfItsOwn() {
    Reply reply = create(TWO + ",\"modelId\":{\"claude\":\"haiku\",\"gemini\":null}}");
    assertThat(members(reply))
        .extracting(m -> m.get("modelId"))
        .isEqualTo(List.of("claude-haiku-4-5-20251001", "gemini-3-pro-preview"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"agent\":[] | agent | must have 2 to 5 agents",
        "\"agent\":[\"claude\"] | agent | a single one is named by a string",
        "\"agent\":[\"claude\",\"claude\"] | agent[1] | names the same agent again",
        "\"agent\":[\"claude\",\"nobody\"] | agent[1] | must be one of claude, codex",
        "\"agent\":[\"claude\",\"script\"] | agent[1] | script is not enabled",
        "\"agent\":[\"claude\",7] | agent[1] | must be a string",
        "\"agent\":[\"claude\",null] | agent[1] | must be a string",
        "\"agent\":[\"claude\",\"codex\"],\"modelId\":\"haiku\" | modelId | must be an object",
        "\"agent\":[\"claude\",\"codex\"],\"modelId\":{\"codex\":\"haiku\"} | modelId.codex | the"
            + " agent's models",
        "\"agent\":[\"claude\",\"codex\"],\"modelId\":{\"codex\":5} | modelId.codex | a string",
        "\"agent\":[\"claude\",\"codex\"],\"modelId\":{\"grok\":\"x\"} | modelId | not for",
        "\"agent\":\"claude\",\"modelId\":{\"claude\":\"haiku\"} | modelId | must be a string"
      })
  void aWrongGroupIsNamedAndNothingIsStored(String fields, String path, String told) {
    Reply reply = create("{" + fields + ",\"task\":\"Write the missing test.\"}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(path);
    assertThat(reply.body()).contains(told);
    assertThat(installation.stored()).isZero();
    assertThat(installation.enqueued()).isZero();
  }

  @Test
  void oneAgentThatIsUnavailableRefusesThemAll() {
    Reply reply = create("{\"agent\":[\"claude\",\"codex\"],\"task\":\"Write the missing test.\"}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body()).contains("OPENAI_API_KEY");
    assertThat(installation.stored()).isZero();
  }

  @Test
  void aGroupCountsAsManyAsItHas() {
    for (int i = 0; i < 3; i++) {
      assertThat(free(TWO + ",\"tags\":{\"n\":\"" + i + "\"}}").status()).isEqualTo(201);
    }
    Reply three =
        free(
            "{\"agent\":[\"claude\",\"gemini\",\"aider\",\"grok\"],"
                + "\"task\":\"Write the missing test.\"}");
    assertThat(three.status()).isEqualTo(201);
    Reply none = free(TWO + "}");
    assertThat(none.status()).isEqualTo(429);
    assertThat(none.header("RateLimit-Remaining")).isEqualTo("0");
    assertThat(installation.stored()).isEqualTo(10);
  }

  @Test
  void aDayWithoutRoomForAllTellsHowManyAreLeft() {
    for (int i = 0; i < 9; i++) {
      free("{\"agent\":\"claude\",\"task\":\"Write the missing test.\"}");
    }
    Reply reply = free(TWO + "}");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.code()).isEqualTo("QUOTA_EXCEEDED");
    assertThat(reply.body()).contains("Of the 10 dispatches of this UTC day 1 is left");
    assertThat(reply.header("RateLimit-Remaining")).isEqualTo("1");
    assertThat(installation.stored()).isEqualTo(9);
  }

  private Reply free(String body) {
    return installation.send(Event.post(body).authorizer("tier", "free"));
  }

  @Test
  void aReplayAnswersTheSameGroupAndMakesNone() {
    Reply first = create(TWO + ",\"idempotencyKey\":\"k\"}");
    Reply again = create(TWO + ",\"idempotencyKey\":\"k\"}");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.data()).isEqualTo(first.data());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(create(TWO.replace("gemini", "grok") + ",\"idempotencyKey\":\"k\"}").status())
        .isEqualTo(422);
    assertThat(installation.stored()).isEqualTo(2);
    assertThat(installation.enqueued()).isEqualTo(2);
  }

  @Test
  void aReplayAnswersTheSameGroupThoughItsTimeIsUp() {
    String wish = TWO + ",\"idempotencyKey\":\"k\",\"expiresAt\":\"2026-11-22T21:30:00Z\"}";
    Reply first = create(wish);
    assertThat(first.status()).as(first.body()).isEqualTo(201);
    installation.advance(Duration.ofHours(1));
    Reply again = create(wish);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.data()).isEqualTo(first.data());
    assertThat(installation.stored()).isEqualTo(2);
  }

  @Test
  void theComparisonShowsWhatEachHasMade() {
    Reply created = create(TWO + "}");
    Dispatch first = member(created, 0);
    installation.run(first);
    installation.advance(Duration.ofSeconds(90));
    installation.happens(
        first,
        new DispatchEvent.Finished(
            1,
            installation.now(),
            new RunResult(
                Optional.empty(),
                OptionalInt.of(0),
                "All is done.",
                Optional.of(new Usage(1000, 10, 200, OptionalDouble.of(0.25))),
                Optional.of("0123456789012345678901234567890123456789"),
                3,
                List.of("README.md", "src/a.txt", "c".repeat(RunResult.MAX_NAMES)),
                List.of(
                    new Artifact(Artifact.Type.LOG, 10), new Artifact(Artifact.Type.PATCH, 1234)),
                OptionalLong.empty())));
    installation.stop(first, 0);

    Reply reply = installation.get("/groups/" + created.data().get("groupId"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.data().keySet().toString())
        .isEqualTo("[groupId, repo, branch, createdAt, open, dispatches]");
    assertThat(reply.data().get("repo")).isEqualTo("a/b");
    assertThat(reply.data().get("open")).isEqualTo(1);
    Map<?, ?> done = members(reply).getFirst();
    assertThat(done.get("status")).isEqualTo("success");
    assertThat(done.get("durationMs")).isEqualTo(90_000);
    assertThat(done.get("patchBytes")).isEqualTo(1234);
    assertThat(done.get("filesChanged")).isEqualTo(3);
    assertThat(done.get("files")).isEqualTo(List.of("README.md", "src/a.txt"));
    assertThat(done.get("summary")).isEqualTo("All is done.");
    assertThat(((Map<?, ?>) done.get("usage")).get("costUsd")).isEqualTo(0.25);
    assertThat(done.get("cause")).isNull();
    Map<?, ?> waiting = members(reply).get(1);
    assertThat(waiting.keySet()).isEqualTo(done.keySet());
    assertThat(waiting.get("status")).isEqualTo("pending");
    assertThat(waiting.get("durationMs")).isNull();
    assertThat(waiting.get("usage")).isNull();
    assertThat(waiting.get("patchBytes")).isNull();
  }

  @Test
  void cancellingAGroupCancelsWhatIsOpenAndTellsTheRest() {
    Reply created = create(TWO + "}");
    Dispatch first = member(created, 0);
    installation.run(first);
    installation.stop(first, 1);
    String path = "/groups/" + created.data().get("groupId");
    Reply reply = installation.send(Event.of("DELETE", path).body("{\"reason\":\"enough\"}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(members(reply))
        .extracting(m -> m.get("status"))
        .isEqualTo(List.of("failed", "cancelled"));
    assertThat((String) members(reply).get(0).get("message")).contains("can't be cancelled");
    assertThat(installation.get("/dispatch/" + member(created, 1).id()).data().get("errorMessage"))
        .isEqualTo("Cancelled: enough");
    Reply again = installation.send(Event.of("DELETE", path));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("CONFLICT");
  }

  @Test
  void anotherTenantsGroupIsUnknownAndGoesOn() {
    Reply created = create(TWO + "}");
    String path = "/groups/" + created.data().get("groupId");
    for (String method : List.of("GET", "DELETE")) {
      Reply unknown = installation.send(Event.of(method, UNKNOWN));
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(installation.send(Event.of(method, path).authorizer("tenantId", OTHER_TENANT)))
          .isEqualTo(unknown);
      assertThat(installation.send(Event.of(method, "/groups/nonsense"))).isEqualTo(unknown);
    }
    assertThat(installation.get(path).data().get("open")).isEqualTo(2);
  }

  @Test
  void aKeyNeedsTheScopes() {
    String path = "/groups/" + create(TWO + "}").data().get("groupId");
    assertThat(installation.send(Event.of("GET", path).authorizer("scopes", "cancel")).status())
        .isEqualTo(403);
    assertThat(installation.send(Event.of("DELETE", path).authorizer("scopes", "status")).status())
        .isEqualTo(403);
  }

  @Test
  void aWrongReasonCancelsNobody() {
    String path = "/groups/" + create(TWO + "}").data().get("groupId");
    Reply reply = installation.send(Event.of("DELETE", path).body("{\"why\":\"x\"}"));
    assertThat(reply.paths()).containsExactly("why");
    assertThat(installation.get(path).data().get("open")).isEqualTo(2);
  }

  @Test
  void theMetricCountsDispatchesNotRequests() {
    create(TWO + "}");
    assertThat(installation.line()).contains("\"dispatches\":2").contains("\"groupId\":\"grp_");
  }
}
