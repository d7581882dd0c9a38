package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.HttpResponse;
import java.util.List;
import java.util.Map;
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
    ApiWiring wiring =
        ApiWiring.read(
            Map.of(
                "OUTPOST_STAGE", "dev",
                "OUTPOST_ARTIFACTS_BUCKET", "bucket",
                "OUTPOST_LAUNCH_QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/1/launch"));
    assertThat(Rehearsal.accept(wiring.rehearsed()).status()).isEqualTo(201);
  }
}
