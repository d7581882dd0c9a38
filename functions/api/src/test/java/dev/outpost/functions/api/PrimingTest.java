package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrimingTest {
  @Test
  void primingGoesAllTheWayButTheLastStepAndLeavesNothing() {
    try (Installation installation = new Installation()) {
      assertThat(installation.prime().body())
          .contains("VALIDATION_ERROR")
          .contains("timeoutSeconds must be at least 30");
      assertThat(installation.dispatches.open()).isEmpty();
      assertThat(installation.enqueued()).isZero();
    }
  }
}
