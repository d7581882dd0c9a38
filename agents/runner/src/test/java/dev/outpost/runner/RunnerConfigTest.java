package dev.outpost.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RunnerConfigTest {
  @Test
  void allThatIsMissingIsNamed() {
    assertThatThrownBy(() -> RunnerConfig.of(Map.of("OUTPOST_ATTEMPT", " ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "OUTPOST_API_URL", "OUTPOST_DISPATCH_ID", "OUTPOST_ATTEMPT", "OUTPOST_CLAIM_TOKEN");
  }

  @Test
  void allThatIsWrongIsNamed() {
    Map<String, String> variables =
        Map.of(
            "OUTPOST_API_URL", "ftp://x",
            "OUTPOST_DISPATCH_ID", "dsp_01",
            "OUTPOST_ATTEMPT", "0",
            "OUTPOST_CLAIM_TOKEN", "the-claim-token");
    assertThatThrownBy(() -> RunnerConfig.of(variables))
        .hasMessageContainingAll("OUTPOST_API_URL", "OUTPOST_ATTEMPT")
        .hasMessageNotContainingAny("DISPATCH_ID", "CLAIM_TOKEN");
  }

  @Test
  void theTokenIsNotShown() {
    RunnerConfig config =
        RunnerConfig.of(
            Map.of(
                "OUTPOST_API_URL", "http://127.0.0.1:1",
                "OUTPOST_DISPATCH_ID", "dsp_01",
                "OUTPOST_ATTEMPT", "2",
                "OUTPOST_CLAIM_TOKEN", "the-claim-token"));
    assertThat(config.attempt()).isEqualTo(2);
    assertThat(config.toString()).doesNotContain("the-claim-token");
  }
}
