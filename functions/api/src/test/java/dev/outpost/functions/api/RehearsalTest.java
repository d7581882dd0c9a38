package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void aRehearsalGoesAllTheWayButTheLastStepAndLeavesNothing() {
    try (Installation installation = new Installation()) {
      List<HttpResponse> heard = installation.rehearse();
      assertThat(heard).extracting(HttpResponse::status).containsExactly(200, 404, 200, 400);
      assertThat(heard.getLast().body())
          .contains("VALIDATION_ERROR")
          .contains("timeoutSeconds must be at least 30");
      assertThat(installation.dispatches.open()).isEmpty();
      assertThat(installation.enqueued()).isZero();
    }
  }

  @Test
  void aRequestIsAcceptedWhereThereIsNeitherStoreNorQueue() throws Exception {
    try (Installation installation = new Installation()) {
      assertThat(new Rehearsal(installation.parts).accept().status()).isEqualTo(201);
      assertThat(installation.dispatches.open()).isEmpty();
      assertThat(installation.enqueued()).isZero();
    }
  }
}
