package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.agent.TaskSize;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Spec;
import dev.outpost.functions.api.request.RepoScheme;
import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateDispatchTest {
  private static final String HEAD = "{\"agent\":\"claude\",\"task\":\"Write a missing test.\"";
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void theSampleEventIsAccepted() {
    Reply reply = installation.send(Event.file());
    assertThat(reply.status()).isEqualTo(201);
    String id = (String) reply.data().get("dispatchId");
    assertThat(reply.header("Location")).isEqualTo("/dispatch/" + id);
    assertThat(reply.header("X-Request-ID")).isEqualTo("UbWcJhqHFiAEPWg=");
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.data().keySet().toString())
        .isEqualTo("[dispatchId, status, agent, modelId, estimatedStartTime]");
    assertThat(reply.data().get("status")).isEqualTo("pending");
    assertThat(reply.data().get("agent")).isEqualTo("claude");
    assertThat(reply.data().get("modelId")).isEqualTo("claude-opus-4-5-20251101");
    assertThat(reply.data().get("estimatedStartTime")).isEqualTo("2026-11-22T21:21:15.123Z");
    assertThat(reply.json().get("meta"))
        .isEqualTo(
            Map.of("requestId", "UbWcJhqHFiAEPWg=", "timestamp", "2026-11-22T21:20:30.123Z"));

    Dispatch dispatch = installation.find(id);
    assertThat(dispatch.tenantId()).isEqualTo(Installation.TENANT);
    Spec spec = dispatch.spec();
    assertThat(spec.task()).isEqualTo("Add a test for the empty basket and fix what it finds.");
    assertThat(spec.repo()).contains("octo-org/shop");
    assertThat(spec.workspace().repository()).contains("https://github.com/octo-org/shop.git");
    assertThat(spec.workspace().branch()).contains("main");
    assertThat(spec.workspace().init()).isEqualTo(Workspace.Init.MINIMAL);
    assertThat(spec.context()).contains(Context.STANDARD);
    assertThat(spec.timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(spec.tags()).isEqualTo(Map.of("team", "web"));
    assertThat(spec.size()).isEmpty();
    assertThat(spec.expiresAt()).isEmpty();
    assertThat(installation.enqueued()).isEqualTo(1);
  }

  @Test
  void theOldClientWorksUnchanged() {
    Reply reply =
        installation.send(
            Event.post(
                "{\"agent\": \"gemini\", \"task\": \"Tidy the build file.\", \"repo\": null,"
                    + " \"timeoutSeconds\": 600}"));
    assertThat(reply.status()).isEqualTo(201);
    Reply read = installation.get("/dispatch/" + reply.data().get("dispatchId"));
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.data().get("repo")).isNull();
  }

  @Test
  void everyFieldThatIsAcceptedIsHonoured() {
    Spec spec =
        installation
            .accepted(
                HEAD
                    + """
                    ,"modelId":"haiku","repo":"https://git.example.org:8443/a/b","branch":"fix/1",
                    "context":"full","workspaceMode":"ephemeral","workspaceInitMode":"full",
                    "timeoutSeconds":30,"additionalSecrets":[],"idempotencyKey":"k",
                    "tags":{"team":"web","nothing":null},
                    "resourceConstraints":{"maxMemoryMb":8192,"maxCpuUnits":4096,"maxDiskGb":50},
                    "expiresAt":"2026-11-23T00:20:30+02:00",
                    "maxCostUsd":2.5,"maxTokens":2147483647}""")
            .spec();
    assertThat(spec.model()).contains("claude-haiku-4-5-20251001");
    assertThat(spec.workspace().repository()).contains("https://git.example.org:8443/a/b");
    assertThat(spec.workspace().branch()).contains("fix/1");
    assertThat(spec.workspace().init()).isEqualTo(Workspace.Init.FULL);
    assertThat(spec.context()).contains(Context.FULL);
    assertThat(spec.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spec.tags()).isEqualTo(Map.of("team", "web"));
    assertThat(spec.size()).contains(new TaskSize(4096, 8192, OptionalInt.of(50)));
    assertThat(spec.expiresAt()).contains(Instant.parse("2026-11-22T22:20:30Z"));
    assertThat(spec.budget())
        .isEqualTo(new Budget(OptionalDouble.of(2.5), OptionalLong.of(Budget.MOST_TOKENS)));
  }

  @Test
  void aBudgetIsShownWithItsDispatch() {
    Dispatch dispatch = installation.accepted(HEAD + ",\"maxCostUsd\":1,\"maxTokens\":1000}");
    Reply read = installation.get("/dispatch/" + dispatch.id());
    assertThat(read.data().get("maxCostUsd")).isEqualTo(1.0);
    assertThat(read.data().get("maxTokens")).isEqualTo(1000);
  }

  @Test
  void anAgentThatIsNotMeteredTakesNoBudget() {
    try (Installation local =
        new Installation(EnumSet.of(RepoScheme.FILE), Set.of("script"), dispatches -> dispatches)) {
      Reply reply =
          local.send(
              Event.post(
                  """
                  {"agent":"script","task":"echo hello > greeting","maxCostUsd":1,
                   "maxTokens":1000}"""));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.paths()).containsExactlyInAnyOrder("maxCostUsd", "maxTokens");
      assertThat(reply.body()).contains("what the agent script consumes is not metered");
    }
  }

  @Test
  void whatASizeLeavesOutIsTheAgents() {
    Spec spec =
        installation.accepted(HEAD + ",\"resourceConstraints\":{\"maxMemoryMb\":16384}}").spec();
    assertThat(spec.size()).contains(new TaskSize(2048, 16_384, OptionalInt.empty()));
    Spec same =
        installation.accepted(HEAD + ",\"resourceConstraints\":{\"maxCpuUnits\":2048}}").spec();
    assertThat(same.size()).isEmpty();
  }

  @Test
  void aTaskIsCountedInCodePointsAndKeptExactly() {
    String task = "  😀 zeile\\n\\tzwei \\u2028 — ok  ";
    Spec spec = installation.accepted("{\"agent\":\"claude\",\"task\":\"" + task + "\"}").spec();
    assertThat(spec.task()).isEqualTo("  😀 zeile\n\tzwei \u2028 — ok  ");
    assertThat(
            installation
                .send(Event.post("{\"agent\":\"grok\",\"task\":\"" + "😀".repeat(50_000) + "\"}"))
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "free, 300",
    "starter, 600",
    "pro, 600",
    "enterprise, 600",
  })
  void theUsualTimeoutStaysWithinTheTier(String tier, long seconds) {
    Reply reply = installation.send(Event.post(HEAD + "}").authorizer("tier", tier));
    Dispatch dispatch = installation.find((String) reply.data().get("dispatchId"));
    assertThat(dispatch.spec().timeout()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aTierMayAskForItsMaximum() {
    assertThat(
            installation
                .send(
                    Event.post(HEAD + ",\"timeoutSeconds\":3600}").authorizer("tier", "enterprise"))
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource({
    "octo-org/shop, https://github.com/octo-org/shop.git",
    "octo-org/shop.git, https://github.com/octo-org/shop.git",
    "a/.github, https://github.com/a/.github.git",
    "HTTPS://Example.org/a/b.git, https://Example.org/a/b.git",
    "ssh://git@example.org:2222/a/b, ssh://git@example.org:2222/a/b",
    "ssh://example.org/~/b, ssh://example.org/~/b",
    "git@github.com:octo-org/shop.git, git@github.com:octo-org/shop.git",
  })
  void theseRepositoriesAreUnderstood(String repo, String url) {
    Spec spec = installation.accepted(HEAD + ",\"repo\":\"" + repo + "\"}").spec();
    assertThat(spec.workspace().repository()).contains(url);
    assertThat(spec.repo()).contains(repo);
  }

  @ParameterizedTest
  @CsvSource({"main", "feature/x", "a.b", "v1.0", "ä/ö", "@a", "a@b", "user/#12", "-x-"})
  void theseAreBranchesUnlessTheyLookLikeOptions(String branch) {
    Reply reply =
        installation.send(Event.post(HEAD + ",\"repo\":\"a/b\",\"branch\":\"" + branch + "\"}"));
    assertThat(reply.status()).isEqualTo(branch.startsWith("-") ? 400 : 201);
  }

  @Test
  void withoutARepositoryTheWorkTreeIsEmpty() {
    assertThat(installation.accepted(HEAD + ",\"workspaceInitMode\":\"none\"}").spec().workspace())
        .isEqualTo(installation.accepted(HEAD + "}").spec().workspace())
        .extracting(Workspace::init)
        .isEqualTo(Workspace.Init.NONE);
  }

  @Test
  void scriptTakesNeitherModelNorContextAndALocalRepository() {
    try (Installation local =
        new Installation(EnumSet.of(RepoScheme.FILE), Set.of("script"), dispatches -> dispatches)) {
      String head = "{\"agent\":\"script\",\"task\":\"echo hello > greeting\"";
      Spec spec = local.accepted(head + ",\"repo\":\"file:///srv/git/shop\"}").spec();
      assertThat(spec.model()).isEmpty();
      assertThat(spec.context()).isEmpty();
      assertThat(spec.workspace().repository()).contains("file:///srv/git/shop");
      assertThat(local.send(Event.post(head + ",\"modelId\":\"x\",\"context\":\"full\"}")).paths())
          .containsExactly("modelId", "context");
      assertThat(local.send(Event.post(head + ",\"repo\":\"a/b\"}")).body())
          .contains("must not use https (which owner/name stands for) on this installation");
    }
  }

  @Test
  void aReplayIsAnsweredAsTheFirstTimeAndCountedOnce() {
    Reply first = installation.send(Event.file());
    Dispatch dispatch = installation.find((String) first.data().get("dispatchId"));
    installation.run(dispatch);
    installation.advance(Duration.ofMinutes(3));
    Reply again =
        installation.send(
            Event.post(
                    """
                    {"tags":{"team":"web"},"timeoutSeconds":600,"branch":"main","modelId":null,
                    "repo":"octo-org/shop",
                    "task":"Add a test for the empty basket and fix what it finds.",
                    "agent":"claude"}""")
                .header("idempotency-key", "basket-1"));
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.data()).isEqualTo(first.data());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(first.headers().containsKey("Idempotency-Replayed")).isFalse();
    assertThat(installation.stored()).isEqualTo(1);
    assertThat(installation.enqueued()).isEqualTo(1);
  }

  @Test
  void aRepeatIsToldWhatWasAcceptedThoughItWouldBeRefusedByNow() {
    String wish = HEAD + ",\"idempotencyKey\":\"basket-1\",\"expiresAt\":\"2026-11-22T21:30:00Z\"";
    Reply first = installation.send(Event.post(wish + "}"));
    assertThat(first.status()).isEqualTo(201);
    installation.advance(Duration.ofHours(1));
    Reply again = installation.send(Event.post(wish + "}").authorizer("tier", "free"));
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.data()).isEqualTo(first.data());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");

    Reply other = installation.send(Event.post(wish + ",\"timeoutSeconds\":7}"));
    assertThat(other.status()).as("another request").isEqualTo(400);
    Reply foreign =
        installation.send(
            Event.post(wish + "}").authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(foreign.status()).as("another tenant's").isEqualTo(400);
    assertThat(installation.stored()).isEqualTo(1);
  }

  @Test
  void aRepeatWhoseKeyIsInTheHeaderAloneIsToldTheSame() {
    Event wish = Event.post(HEAD + ",\"expiresAt\":\"2026-11-22T21:30:00Z\"}");
    Reply first = installation.send(wish.header("idempotency-key", "basket-2"));
    installation.advance(Duration.ofHours(1));
    Reply again = installation.send(wish.header("idempotency-key", "basket-2"));
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.data()).isEqualTo(first.data());
    assertThat(installation.send(wish.header("idempotency-key", "basket-3")).status())
        .isEqualTo(400);
  }

  @Test
  void anotherRequestUnderTheSameKeyIsRefused() {
    installation.send(Event.file());
    Reply other = installation.send(Event.post(HEAD + ",\"idempotencyKey\":\"basket-1\"}"));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("IDEMPOTENCY_MISMATCH");
    assertThat(installation.stored()).isEqualTo(1);
  }

  @Test
  void aKeyBelongsToItsTenant() {
    installation.send(Event.file());
    Reply other =
        installation.send(
            Event.file().authorizer("tenantId", "11111111-2222-3333-4444-555555555555"));
    assertThat(other.status()).isEqualTo(201);
    assertThat(other.headers().containsKey("Idempotency-Replayed")).isFalse();
  }

  @Test
  void aUsedUpDayIsAnsweredWithWhenToComeBack() {
    for (int i = 0; i < 10; i++) {
      assertThat(installation.send(Event.post(HEAD + "}").authorizer("tier", "free")).status())
          .isEqualTo(201);
    }
    Reply refused = installation.send(Event.post(HEAD + "}").authorizer("tier", "free"));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.code()).isEqualTo("QUOTA_EXCEEDED");
    assertThat(refused.header("Retry-After")).isEqualTo("9570");
    assertThat(refused.header("RateLimit-Limit")).isEqualTo("10");
    assertThat(refused.header("RateLimit-Remaining")).isEqualTo("0");
    assertThat(installation.stored()).isEqualTo(10);
    installation.advance(Duration.ofSeconds(9570));
    assertThat(installation.send(Event.post(HEAD + "}").authorizer("tier", "free")).status())
        .isEqualTo(201);
  }

  @Test
  void aFaultIsLoggedOnceAndNotShown() {
    try (Installation broken =
        new Installation(EnumSet.of(RepoScheme.HTTPS), Set.of(), UnreachableDispatches::new)) {
      Reply reply = broken.send(Event.file());
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.code()).isEqualTo("INTERNAL_ERROR");
      assertThat(reply.header("X-Request-ID")).isEqualTo("UbWcJhqHFiAEPWg=");
      assertThat(reply.body()).doesNotContain("table");
      assertThat(broken.linesLogged()).isEqualTo(1);
      assertThat(broken.line())
          .contains("\"level\":\"ERROR\"")
          .contains("UbWcJhqHFiAEPWg=")
          .contains("the table does not answer");
    }
  }

  @Test
  void oneLineTellsOfARequestWithoutItsPayload() {
    Reply reply = installation.send(Event.file());
    assertThat(installation.linesLogged()).isEqualTo(1);
    assertThat(installation.line())
        .contains("\"requestId\":\"UbWcJhqHFiAEPWg=\"")
        .contains("\"route\":\"POST /dispatch\"")
        .contains("\"status\":201")
        .contains("\"tenantId\":\"" + Installation.TENANT + "\"")
        .contains("\"dispatchId\":\"" + reply.data().get("dispatchId") + "\"")
        .contains("\"outcome\":\"accepted\"")
        .contains("\"Name\":\"dispatches\"")
        .doesNotContain("otp_")
        .doesNotContain("basket")
        .doesNotContain("octo-org")
        .endsWith("}\n");
    installation.send(Event.file());
    assertThat(installation.line()).contains("\"outcome\":\"replayed\"");
    installation.send(Event.post("{}"));
    assertThat(installation.line())
        .contains("\"outcome\":\"VALIDATION_ERROR\"")
        .contains("\"status\":400");
  }
}
