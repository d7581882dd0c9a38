package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.run.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueFileTest {
  private static final String GOOD =
      """
      {"agents":[{"id":"echo","description":"Says it","models":["m"],"aliases":{"n":"m"},
      "cpuUnits":256,"memoryMb":512,"command":["echo","{model}","{task_file}"],
      "taskOnStdin":false,"takesContext":true,"output":"text","environment":{"A":"1"},
      "credentials":["KEY"],"enabled":true}]}""";

  @Test
  void theSixAgentsAreThere() {
    assertThat(CatalogueFile.packaged().ids())
        .containsExactly("claude", "codex", "gemini", "aider", "grok", "script");
  }

  @ParameterizedTest
  @CsvSource({
    "claude, claude-opus-4-5-20251101, 2048, 4096, ANTHROPIC_API_KEY",
    "codex, gpt-5.2-codex, 1024, 2048, OPENAI_API_KEY",
    "gemini, gemini-3-pro-preview, 1024, 2048, GEMINI_API_KEY",
    "aider, deepseek/deepseek-coder, 512, 1024, DEEPSEEK_API_KEY",
    "grok, grok-4.1, 512, 1024, XAI_API_KEY"
  })
  void theAgentsOfModelsAreAsPublished(
      String id, String model, int cpuUnits, int memoryMb, String credential) {
    Agent agent = CatalogueFile.packaged().find(id).orElseThrow();
    assertThat(agent.defaultModel()).contains(model);
    assertThat(agent.size().cpuUnits()).isEqualTo(cpuUnits);
    assertThat(agent.size().memoryMb()).isEqualTo(memoryMb);
    assertThat(agent.credentials()).containsExactly(credential);
    assertThat(agent.enabled()).isTrue();
    assertThat(agent.takesContext()).isTrue();
  }

  @Test
  void scriptNeedsNothingAndIsOffUnlessEnabled() {
    Agent script = CatalogueFile.packaged().find("script").orElseThrow();
    assertThat(script.models()).isEmpty();
    assertThat(script.credentials()).isEmpty();
    assertThat(script.takesContext()).isFalse();
    assertThat(script.enabled()).isFalse();
    assertThat(script.command()).containsExactly("sh", "-e", "{task_file}");
  }

  @Test
  void everyFieldIsRead() {
    Catalogue catalogue = CatalogueFile.parse(GOOD);
    Agent agent = catalogue.find("echo").orElseThrow();
    assertThat(agent.model("n")).contains("m");
    assertThat(agent.output()).isEqualTo(Job.Output.TEXT);
    assertThat(agent.environment()).containsEntry("A", "1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"id\":\"echo\" | \"id\":\"Echo\" | agents[0].id must be",
        "\"id\":\"echo\", | | agents[0].id is missing",
        "\"id\":\"echo\" | \"id\":7 | agents[0].id must be a string, not a number",
        "\"n\":\"m\" | \"n\":\"x\" | agents[0].aliases.n names the model x",
        "256 | 300 | agents[0].cpuUnits and memoryMb must be a pair",
        "\"text\" | \"prose\" | agents[0].output must be one of text",
        "{task_file} | nothing | agents[0].command must have {task_file}",
        "{task_file} | {taskfile} | unknown placeholder {taskfile}",
        "\"taskOnStdin\":false | \"taskOnStdin\":true | taskOnStdin must be true",
        "[\"m\"] | [] | agents[0].command has {model}",
        "[\"KEY\"] | [\"a-key\"] | agents[0].credentials has a-key",
        "\"enabled\" | \"enable\" | agents[0].enable is not known; did you mean enabled?",
        "{\"agents\" | {\"agnets\" | agnets is not known; did you mean agents?"
      })
  void everyMistakeIsNamed(String good, String bad, String complaint) {
    String text = GOOD.replace(good, bad == null ? "" : bad);
    assertThat(text).isNotEqualTo(GOOD);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatalogueFile.parse(text))
        .withMessageContaining(complaint);
  }

  @Test
  void severalMistakesAreNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CatalogueFile.parse(GOOD.replace("256", "1").replace("\"text\"", "\"x\"")))
        .withMessageContaining("cpuUnits")
        .withMessageContaining("output");
  }

  @Test
  void oneNameForTwoAgentsIsRefused() {
    String agent = GOOD.substring(GOOD.indexOf('[') + 1, GOOD.lastIndexOf(']'));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatalogueFile.parse("{\"agents\":[" + agent + "," + agent + "]}"))
        .withMessageContaining("two agents called echo");
  }
}
