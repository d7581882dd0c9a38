package dev.outpost.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.cli.Typed.Came;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupCommandTest {
  private static final String ACCEPTED =
      """
      {"groupId":"grp_1","dispatches":[
        {"dispatchId":"dsp_1","status":"pending","agent":"claude"},
        {"dispatchId":"dsp_2","status":"pending","agent":"codex"}]}""";
  private static final String COMPARED =
      """
      {"groupId":"grp_1","open":0,"dispatches":[
        {"dispatchId":"dsp_1","status":"success","agent":"claude","durationMs":90000,
         "usage":{"costUsd":0.25},"patchBytes":1234,"filesChanged":3,
         "files":["README.md","src/a.txt"],"cause":null},
        {"dispatchId":"dsp_2","status":"failed","agent":"codex","durationMs":null,
         "usage":null,"patchBytes":null,"filesChanged":null,"cause":"rate_limited"}]}""";

  @TempDir private Path dir;
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String ended(String id, String status) {
    return "{\"dispatchId\":\"%s\",\"status\":\"%s\",\"logs\":[]}".formatted(id, status);
  }

  @Test
  void severalAgentsAreSentAsAListAndTheGroupIsPrinted() throws IOException {
    Came came =
        api.says(ACCEPTED)
            .typed(dir)
            .run("dispatch", "-a", "claude,codex", "-m", "claude=haiku", "do this please");
    assertThat(came).isEqualTo(new Came(0, "grp_1\n", ""));
    assertThat(api.heard().getFirst().json())
        .containsEntry("agent", List.of("claude", "codex"))
        .containsEntry("modelId", Map.of("claude", "haiku"));
  }

  @Test
  void aModelOfSeveralAgentsMustSayWhoseItIs() {
    Came came =
        api.typed(dir).run("dispatch", "-a", "claude,codex", "-m", "haiku", "do this please");
    assertThat(came.exit()).isEqualTo(2);
    assertThat(came.err()).contains("AGENT=MODEL");
    assertThat(api.heard()).isEmpty();
  }

  @Test
  void waitingForAGroupComparesThemAndOneSuccessIsASuccess() {
    Came came =
        api.says(ACCEPTED)
            .says(ended("dsp_1", "success"))
            .says(ended("dsp_2", "failed"))
            .says(COMPARED)
            .typed(dir)
            .run("dispatch", "--wait", "-a", "claude,codex", "do this please");
    assertThat(came.exit()).isZero();
    assertThat(came.out().lines().toList().get(2))
        .contains("dsp_1", "success", "claude", "1m 30s", "$0.25", "1234 B", "3");
    assertThat(came.out()).startsWith("grp_1\n").contains("rate_limited");
  }

  @Test
  void aGroupIsComparedByItsId() {
    Came came = api.says(COMPARED).typed(dir).run("group", "grp_1");
    assertThat(came.exit()).isZero();
    assertThat(api.heard().getFirst().uri()).isEqualTo("/groups/grp_1");
    assertThat(came.out().lines().toList())
        .hasSize(4)
        .last()
        .isEqualTo("claude touched README.md, src/a.txt and 1 more");
  }

  @Test
  void aGroupIsCancelledAsOne() {
    Came came =
        api.says(
                """
                {"groupId":"grp_1","dispatches":[
                  {"dispatchId":"dsp_1","status":"cancelled","message":"It is cancelled."}]}""")
            .typed(dir)
            .run("group", "--cancel", "grp_1");
    assertThat(api.heard().getFirst().method()).isEqualTo("DELETE");
    assertThat(came.out()).isEqualTo("dsp_1 cancelled: It is cancelled.\n");
  }

  @Test
  void whoStandsByAndWhatIsContinuedAreSentAndTheAgentMayBeLeftOut() throws IOException {
    api.says("{\"dispatchId\":\"dsp_2\",\"status\":\"pending\"}")
        .typed(dir)
        .run("dispatch", "--parent", "dsp_1", "--fallback", "codex,gemini", "now also this");
    assertThat(api.heard().getFirst().json())
        .containsExactly(
            Map.entry("task", "now also this"),
            Map.entry("parentId", "dsp_1"),
            Map.entry("fallback", List.of("codex", "gemini")));
  }

  @Test
  void aFailureThatIsHandedOnIsFollowedToTheLast() {
    Came came =
        api.says("{\"dispatchId\":\"dsp_1\",\"status\":\"pending\"}")
            .says(
                "{\"dispatchId\":\"dsp_1\",\"status\":\"failed\",\"cause\":\"rate_limited\","
                    + "\"fallbackId\":\"dsp_2\",\"logs\":[]}")
            .says(404, "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"?\"}}")
            .says(ended("dsp_2", "success"))
            .typed(dir)
            .run("dispatch", "--wait", "-a", "claude", "--fallback", "codex", "do this please");
    assertThat(came.exit()).isZero();
    assertThat(came.err()).contains("failed: rate_limited; handed on to dsp_2", "success in");
  }
}
