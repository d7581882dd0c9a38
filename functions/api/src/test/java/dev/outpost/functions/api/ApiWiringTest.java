package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiWiringTest {
  @Test
  void allThatIsMissingIsNamedAtOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ApiWiring.fromEnvironment(Map.of("OUTPOST_STAGE", "dev")))
        .withMessage(
            "missing environment variables: OUTPOST_ARTIFACTS_BUCKET, OUTPOST_LAUNCH_QUEUE_URL");
  }

  @Test
  void anUnknownSchemeIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ApiWiring.fromEnvironment(
                    Map.of(
                        "OUTPOST_STAGE", "dev",
                        "OUTPOST_ARTIFACTS_BUCKET", "b",
                        "OUTPOST_LAUNCH_QUEUE_URL", "u",
                        "OUTPOST_REPO_SCHEMES", "https,ftp")))
        .withMessageContaining("OUTPOST_REPO_SCHEMES");
  }
}
