package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One dispatch from its POST to the first line of its agent's output, as a client sees them.
 *
 * @param millis the time between them
 * @param untilClaimed of it, until the runner claimed the job
 * @param untilPrinted of it, until the runner took the agent's line
 */
record FirstLine(double millis, double untilClaimed, double untilPrinted) {
  private static final String WORD = "the-agents-first-line";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 10;
  private static final List<String> TERMINAL = List.of("success", "failed", "timeout", "cancelled");

  /** Dispatches with that key, waits for the line, and then for the end. */
  static FirstLine of(URI url, String secret) throws IOException, InterruptedException {
    Optional<String> key = Optional.of(secret);
    try (KeptConnection connection = new KeptConnection(url)) {
      String body = Json.write(Map.of("agent", "script", "task", "echo " + WORD));
      Instant wallClock = InstantSource.system().instant();
      long begin = System.nanoTime();
      KeptConnection.Answer answer = connection.send("POST", "/dispatch", key, body);
      if (answer.status() != 201) {
        throw new IOException("not accepted: " + answer.body());
      }
      String id = (String) data(answer).get("dispatchId");
      long until = begin + PATIENCE.toNanos();
      Map<String, Object> seen = Map.of();
      Optional<Instant> printed = Optional.empty();
      while (printed.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        seen = data(connection.send("GET", "/dispatch/" + id, key, ""));
        printed = printed(seen);
        if (System.nanoTime() > until) {
          throw new IOException("no line of the agent came: " + seen);
        }
      }
      double millis = (System.nanoTime() - begin) / 1e6;
      Instant claimed = Instant.parse((String) Objects.requireNonNull(seen.get("startedAt")));
      while (!TERMINAL.contains(seen.get("status"))) {
        seen = data(connection.send("GET", "/dispatch/" + id + "?waitSeconds=5", key, ""));
      }
      return new FirstLine(
          millis, between(wallClock, claimed), between(wallClock, printed.orElseThrow()));
    }
  }

  private static double between(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e6;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(KeptConnection.Answer answer) throws IOException {
    return (Map<String, Object>) JSON.std.mapFrom(answer.body()).get("data");
  }

  private static Optional<Instant> printed(Map<String, Object> seen) {
    for (Object entry : (List<?>) seen.get("logs")) {
      Map<?, ?> line = (Map<?, ?>) entry;
      if (WORD.equals(line.get("message"))) {
        return Optional.of(Instant.parse((String) line.get("timestamp")));
      }
    }
    return Optional.empty();
  }
}
