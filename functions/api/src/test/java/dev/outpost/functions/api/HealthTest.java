package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.Status;
import dev.outpost.fleet.Ending;
import dev.outpost.functions.api.request.RepoScheme;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthTest {
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void healthNamesVersionUptimeAndChecks() {
    installation.advance(Duration.ofSeconds(90));
    Reply reply = installation.get("/health");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().keySet().toString()).isEqualTo("[status, version, uptime, checks]");
    assertThat(reply.json().get("status")).isEqualTo("healthy");
    assertThat((String) reply.json().get("version")).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(reply.json().get("uptime")).isEqualTo(90);
    assertThat(reply.json().get("checks").toString()).contains("store").contains("healthy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/health/live", "/health/ready", "/health/fleet"})
  void nobodyNeedsAKeyForHealth(String path) {
    Reply reply = installation.send(Event.of("GET", path).withoutAuthorizer());
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("status")).isEqualTo("healthy");
    assertThat(reply.header("X-Request-ID")).isEqualTo("UbWcJhqHFiAEPWg=");
  }

  @Test
  void withoutTheStoreTheFunctionLivesButIsNotReady() {
    try (Installation broken = broken()) {
      assertThat(broken.get("/health/live").status()).isEqualTo(200);
      Reply ready = broken.get("/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.json().get("status")).isEqualTo("unhealthy");
      assertThat(ready.body()).doesNotContain("table");
      assertThat(broken.get("/health").status()).isEqualTo(503);
    }
  }

  @Test
  void theFleetIsFlatAndHasNoTenantsData() {
    Dispatch running = installation.accepted();
    installation.run(running);
    installation.accepted();
    installation.endings.add(
        List.of(
            new Ending("claude", Status.SUCCESS, installation.now(), Duration.ofSeconds(30)),
            new Ending("claude", Status.SUCCESS, installation.now(), Duration.ofSeconds(60)),
            new Ending("claude", Status.FAILED, installation.now(), Duration.ofSeconds(30)),
            new Ending("grok", Status.TIMEOUT, installation.now(), Duration.ofSeconds(1))));
    Reply reply = installation.get("/health/fleet");
    Map<?, ?> fleet = reply.json();
    assertThat(fleet.keySet().toString()).isEqualTo("[success, status, pool, agents, dispatches]");
    assertThat(fleet.get("success")).isEqualTo(true);
    assertThat(((Map<?, ?>) fleet.get("pool")).get("totalTasks")).isEqualTo(0);
    assertThat(((Map<?, ?>) fleet.get("pool")).get("idleTasks")).isEqualTo(0);
    Map<?, ?> claude = agent(fleet, "claude");
    assertThat(claude.get("available")).isEqualTo(true);
    assertThat(claude.get("modelId")).isEqualTo("claude-opus-4-5-20251101");
    assertThat(claude.get("active")).isEqualTo(1);
    assertThat((Double) claude.get("successRate")).isBetween(0.66, 0.67);
    assertThat(claude.get("avgDurationMs")).isEqualTo(40_000);
    assertThat(agent(fleet, "codex").get("available")).isEqualTo(false);
    assertThat((String) agent(fleet, "codex").get("reason")).contains("OPENAI_API_KEY");
    assertThat((String) agent(fleet, "script").get("reason")).contains("not enabled");
    assertThat(agent(fleet, "gemini").get("successRate")).isNull();
    Map<?, ?> dispatches = (Map<?, ?>) fleet.get("dispatches");
    assertThat(dispatches.get("lastHourTotal")).isEqualTo(4);
    Map<?, ?> byStatus = (Map<?, ?>) dispatches.get("byStatus");
    assertThat(byStatus.get("pending")).isEqualTo(1);
    assertThat(byStatus.get("running")).isEqualTo(1);
    assertThat(byStatus.get("success")).isEqualTo(2);
    assertThat(byStatus.get("timeout")).isEqualTo(1);
    assertThat(byStatus.get("cancelled")).isEqualTo(0);
    assertThat(reply.body()).doesNotContain(Installation.TENANT.value()).doesNotContain("dsp_");
  }

  @Test
  void theFleetIsLookedAtNoOftenerThanTwiceAMinute() {
    assertThat(agent(installation.get("/health/fleet").json(), "claude").get("active"))
        .isEqualTo(0);
    installation.run(installation.accepted());
    installation.advance(Duration.ofSeconds(30));
    assertThat(agent(installation.get("/health/fleet").json(), "claude").get("active"))
        .isEqualTo(0);
    installation.advance(Duration.ofSeconds(1));
    assertThat(agent(installation.get("/health/fleet").json(), "claude").get("active"))
        .isEqualTo(1);
  }

  @Test
  void aPartThatCannotBeReadIsNullAndNoFault() {
    try (Installation broken = broken()) {
      Reply reply = broken.get("/health/fleet");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.json().get("status")).isEqualTo("degraded");
      assertThat(agent(reply.json(), "claude").get("active")).isNull();
      assertThat(agent(reply.json(), "claude").get("available")).isEqualTo(true);
      assertThat(((Map<?, ?>) reply.json().get("dispatches")).get("lastHourTotal")).isEqualTo(0);
    }
  }

  private static Installation broken() {
    return new Installation(EnumSet.of(RepoScheme.HTTPS), Set.of(), UnreachableDispatches::new);
  }

  private static Map<?, ?> agent(Map<?, ?> fleet, String id) {
    for (Object agent : (List<?>) fleet.get("agents")) {
      if (((Map<?, ?>) agent).get("agent").equals(id)) {
        return (Map<?, ?>) agent;
      }
    }
    throw new AssertionError("no agent " + id);
  }
}
