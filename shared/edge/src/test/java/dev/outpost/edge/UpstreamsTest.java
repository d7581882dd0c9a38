package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outpost.agent.Catalogue;
import dev.outpost.agent.ModelProvider;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamsTest {
  private static URI upstream(Catalogue catalogue, String agent) {
    return catalogue.find(agent).flatMap(found -> found.provider()).orElseThrow().upstream();
  }

  @Test
  void withoutVariablesTheVendorsAreCalled() {
    Catalogue catalogue = CatalogueFile.packaged(Map.of("PATH", "/bin"));
    assertThat(upstream(catalogue, "claude")).hasHost("api.anthropic.com");
    assertThat(upstream(catalogue, "codex")).hasHost("api.openai.com");
    assertThat(upstream(catalogue, "gemini")).hasHost("generativelanguage.googleapis.com");
    assertThat(upstream(catalogue, "aider")).hasHost("api.deepseek.com");
    assertThat(upstream(catalogue, "grok")).hasHost("api.x.ai");
  }

  @Test
  void aVariableMovesOneAgentsModelsAndNothingElse() {
    Catalogue usual = CatalogueFile.packaged();
    Catalogue moved =
        CatalogueFile.packaged(
            Map.of(
                "OUTPOST_UPSTREAM_CLAUDE", " http://models.example.com:8080/anthropic/ ",
                "OUTPOST_UPSTREAM_GROK", " "));
    ModelProvider before = usual.find("claude").orElseThrow().provider().orElseThrow();
    assertThat(moved.find("claude").orElseThrow().provider())
        .contains(before.at(URI.create("http://models.example.com:8080/anthropic")));
    assertThat(moved.ids()).isEqualTo(usual.ids());
    for (String other : new String[] {"codex", "gemini", "aider", "grok", "script"}) {
      assertThat(moved.find(other)).isEqualTo(usual.find(other));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OUTPOST_UPSTREAM_CLAUD, https://a.test, OUTPOST_UPSTREAM_CLAUD names no agent with a model",
    "OUTPOST_UPSTREAM_SCRIPT, https://a.test, OUTPOST_UPSTREAM_SCRIPT names no agent",
    "OUTPOST_UPSTREAM_CODEX, a.test, OUTPOST_UPSTREAM_CODEX must be an http or https URL",
    "OUTPOST_UPSTREAM_CODEX, https://a b, OUTPOST_UPSTREAM_CODEX must be an http or https URL",
    "OUTPOST_UPSTREAM_CODEX, https://a.test?x=1, must have no user",
  })
  void aWrongVariableIsNamed(String name, String value, String told) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CatalogueFile.packaged(Map.of(name, value)))
        .withMessageContaining(told);
  }
}
