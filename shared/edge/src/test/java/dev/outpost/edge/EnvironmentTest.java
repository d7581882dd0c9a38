package dev.outpost.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private record Config(int port, String stage, List<String> words) {}

  @Test
  void allThatIsMissingIsNamedAtOnce() {
    Environment environment = new Environment(Map.of("EMPTY", " "));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                environment.read(
                    variables ->
                        List.of(variables.text("B"), variables.text("A"), variables.text("EMPTY"))))
        .withMessage("missing environment variables: A, B, EMPTY");
  }

  @Test
  void whatFailsForAMissingVariableIsToldByItsName() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new Environment(Map.of()).read(v -> Integer.parseInt(v.text("PORT"))))
        .withMessage("missing environment variables: PORT");
  }

  @Test
  void aWholeConfigurationIsRead() {
    Environment environment =
        new Environment(Map.of("PORT", "80", "STAGE", "dev", "WORDS", "a, b,,c"));
    Config config =
        environment.read(
            v -> new Config(Integer.parseInt(v.text("PORT")), v.text("STAGE"), v.words("WORDS")));
    assertThat(config).isEqualTo(new Config(80, "dev", List.of("a", "b", "c")));
    List<String> none = environment.read(v -> v.words("OTHER"));
    assertThat(none).isEmpty();
  }
}
