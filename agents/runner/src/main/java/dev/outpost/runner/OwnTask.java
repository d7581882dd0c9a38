package dev.outpost.runner;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.ContainerContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The task that this runner is in, as the platform calls it. */
final class OwnTask {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int LARGEST = 1024 * 1024;

  private OwnTask() {}

  /** Its ARN; empty when nobody tells, for the claim is good without it. */
  static Optional<String> arn(Map<String, String> variables) {
    Optional<String> told =
        Optional.ofNullable(variables.get(ContainerContract.TASK_ARN))
            .filter(arn -> !arn.isBlank());
    return told.isPresent()
        ? told
        : Optional.ofNullable(variables.get(ContainerContract.METADATA_URI)).flatMap(OwnTask::ask);
  }

  private static Optional<String> ask(String metadata) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(metadata + "/task").toURL().openConnection();
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      try (InputStream answer = connection.getInputStream()) {
        Object arn = JSON.std.mapFrom(answer.readNBytes(LARGEST)).get("TaskARN");
        return arn instanceof String text ? Optional.of(text) : Optional.empty();
      }
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
