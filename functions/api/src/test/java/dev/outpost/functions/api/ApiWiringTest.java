package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiWiringTest {
  @Test
  void allThatIsMissingIsNamedAtOnce() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ApiWiring.fromEnvironment(Map.of("OUTPOST_STAGE", "dev")))
        .withMessage(
            "missing environment variables: OUTPOST_ARTIFACTS_BUCKET,"
                + " OUTPOST_DELIVERY_QUEUE_URL, OUTPOST_LAUNCH_QUEUE_URL");
  }

  @Test
  void anUnknownStatusIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ApiWiring.fromEnvironment(
                    Map.of(
                        "OUTPOST_STAGE", "dev",
                        "OUTPOST_ARTIFACTS_BUCKET", "b",
                        "OUTPOST_LAUNCH_QUEUE_URL", "u",
                        "OUTPOST_DELIVERY_QUEUE_URL", "d",
                        "OUTPOST_BUS_STATUSES", "success,done")))
        .withMessageContaining("OUTPOST_BUS_STATUSES names done");
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
                        "OUTPOST_DELIVERY_QUEUE_URL", "d",
                        "OUTPOST_REPO_SCHEMES", "https,ftp")))
        .withMessageContaining("OUTPOST_REPO_SCHEMES");
  }
}
