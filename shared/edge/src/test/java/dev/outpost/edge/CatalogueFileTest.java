package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.ModelProvider;
import dev.outpost.run.Job;
import dev.outpost.run.ModelProtocol;
import dev.outpost.run.Price;
import dev.outpost.run.Resumable;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueFileTest {
  private static final String GOOD =
      """
      {"agents":[{"id":"echo","description":"Says it","models":["m"],"aliases":{"n":"m"},
      "cpuUnits":256,"memoryMb":512,"command":["echo","{model}","{resume}","{task_file}"],
      "session":{"files":[".echo/{tree_dashed}/{session}-*.txt"],"resume":["-r","{session}"]},
      "taskOnStdin":false,"takesContext":true,"output":"text","environment":{"A":"1","BASE":"{gateway_url}/v1"},"files":{".echo/rc":"key={gateway_key}"},
      "model":{"protocol":"openai","upstream":"https://models.test/base/","credential":"M_KEY",
      "prices":{"asOf":"2026-11-25","usdPerMillionTokens":{"m":{"input":1,"output":4}}}},
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
    assertThat(agent.secretNames()).containsExactly(credential);
    assertThat(agent.credentials()).as("what its environment holds").isEmpty();
    assertThat(agent.models())
        .allMatch(name -> agent.provider().orElseThrow().prices().of(name).isPresent());
    assertThat(agent.enabled()).isTrue();
    assertThat(agent.takesContext()).isTrue();
  }

  @Test
  void scriptNeedsNothingAndIsOffUnlessEnabled() {
    Agent script = CatalogueFile.packaged().find("script").orElseThrow();
    assertThat(script.models()).isEmpty();
    assertThat(script.secretNames()).isEmpty();
    assertThat(script.provider()).isEmpty();
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
    assertThat(agent.files()).containsExactly(Map.entry(".echo/rc", "key={gateway_key}"));
    assertThat(agent.command()).containsExactly("echo", "{model}", "{task_file}");
    assertThat(agent.resumable())
        .contains(
            new Resumable(
                List.of(".echo/{tree_dashed}/{session}-*.txt"),
                List.of("echo", "{model}", "-r", "{session}", "{task_file}")));
    ModelProvider provider = agent.provider().orElseThrow();
    assertThat(provider.protocol()).isEqualTo(ModelProtocol.OPENAI);
    assertThat(provider.upstream()).isEqualTo(URI.create("https://models.test/base"));
    assertThat(provider.credential()).contains("M_KEY");
    assertThat(provider.prices().asOf()).contains(LocalDate.of(2026, 11, 25));
    assertThat(provider.prices().of("m")).contains(new Price(1, 1, 1, 4));
    assertThat(agent.secretNames()).containsExactly("M_KEY", "KEY");
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
        "\"{resume}\", | | agents[0].command must have the word {resume} once",
        "\"{resume}\" | \"x{resume}\" | agents[0].command must have the word {resume} once",
        "\"{model}\" | \"{session}\" | agents[0].command has {resume} or {session} in another place",
        "\"session\":{ | \"session\":{\"dir\":\"x\", | session.dir is not known",
        "[\".echo/{tree_dashed}/{session}-*.txt\"] | [] | session.files must name at least one file",
        ".echo/{tree_dashed} | ../{tree_dashed} | session.files has ../",
        ".echo/{tree_dashed} | /etc | session.files has /etc",
        "{tree_dashed} | {tree} | session.files has the unknown placeholder {tree}",
        "/{session}-* | /{tree_name}-* | session.files has * beside {tree_name}",
        "\"-r\",\"{session}\" | \"-r\" | session.resume must have {session}",
        "\"-r\" | \"{r}\" | session.resume has the unknown placeholder {r}",
        "{gateway_url} | {gateway} | environment.BASE has the unknown placeholder {gateway}",
        "{gateway_url} | elsewhere | neither command, environment nor files tell the agent its",
        "key={gateway_key} | {secret} | files..echo/rc has the unknown placeholder {secret}",
        "\".echo/rc\" | \"../rc\" | files has ../rc, which is no path below HOME",
        "\".echo/rc\" | \"/etc/rc\" | files has /etc/rc, which is no path below HOME",
        "\"model\":{ | \"model\":{\"url\":\"x\", | model.url is not known",
        "\"openai\" | \"smtp\" | model.protocol must be one of anthropic, openai, gemini",
        "https://models | ftp://models | model.upstream must be an http or https URL",
        "https://models.test | https:///x | model.upstream must name a host",
        "https://models | https://me:pw@models | model.upstream must have no user",
        "test/base | test/../base | model.upstream must not have . or ..",
        "\"M_KEY\" | \"m-key\" | model.credential must be of A-Z",
        "2026-11-25 | yesterday | model.prices.asOf must be a day",
        "\"asOf\":\"2026-11-25\", | | model.prices.asOf is missing",
        "\"input\":1, | | usdPerMillionTokens.m.input is missing",
        "\"output\":4 | \"output\":-4 | usdPerMillionTokens.m.output must be 0 to 10000",
        "\"output\":4 | \"output\":\"4\" | usdPerMillionTokens.m.output must be a number",
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
