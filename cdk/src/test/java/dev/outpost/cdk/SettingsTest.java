package dev.outpost.cdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be chosen for a stage. */
class SettingsTest {
  @Test
  void devIsCheapAndProdIsSafe() {
    Settings dev = Settings.of("dev", Map.of());
    Settings prod = Settings.of("prod", Map.of());
    assertThat(dev.keep()).isFalse();
    assertThat(dev.natGateways()).isZero();
    assertThat(prod.keep()).isTrue();
    assertThat(prod.capacity()).containsExactly("FARGATE:1:0");
    assertThat(Settings.of("staging", Map.of("like", "prod")).keep()).isTrue();
  }

  @Test
  void whatIsNotKnownOrMakesNoSenseIsRefusedByName() {
    assertThatThrownBy(() -> Settings.of("dev", Map.of("natGateway", 1)))
        .hasMessageContaining("natGateway");
    assertThatThrownBy(() -> Settings.of("dev", Map.of("natGateways", "one")))
        .hasMessageContaining("stages.dev.natGateways");
    assertThatThrownBy(() -> Settings.of("staging", Map.of())).hasMessageContaining("like");
    assertThatThrownBy(() -> Settings.of("dev", Map.of("corsOrigins", List.of("*"))))
        .hasMessageContaining("everybody");
    assertThatThrownBy(() -> Settings.of("dev", Map.of("domainName", "a.example.com")))
        .hasMessageContaining("certificateArn");
    assertThatThrownBy(() -> Settings.of("dev", Map.of("capacity", List.of("EC2:1:0"))))
        .hasMessageContaining("EC2:1:0");
    for (int batches : List.of(0, 1, 1_001)) {
      assertThatThrownBy(() -> Settings.of("dev", Map.of("webhookConcurrency", batches)))
          .hasMessageContaining("webhookConcurrency is 2 to 1000, not " + batches);
    }
    assertThatThrownBy(() -> Settings.of("Dev", Map.of("like", "dev"))).hasMessageContaining("Dev");
    assertThatThrownBy(() -> Retention.days(15)).hasMessageContaining("15");
  }
}
