package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.runner.gateway.Patience;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.stop.StopSignal;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Runs runners in this process, with little patience, and keeps what they print. */
final class LocalRun {
  private static final Patience QUICK =
      new Patience(Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofSeconds(5));

  private final Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LocalRun(Path directory) {
    this.directory = directory;
  }

  /** Runs in the directory's {@code run} and answers the exit code. */
  int start(LocalGateway gateway) {
    return start(gateway, directory.resolve("run"));
  }

  int start(LocalGateway gateway, Path workDirectory) {
    return start(gateway, workDirectory, System.getenv());
  }

  int start(LocalGateway gateway, Path workDirectory, Map<String, String> variables) {
    RunnerConfig config =
        new RunnerConfig(
            gateway.url(),
            Jobs.DISPATCH_ID,
            1,
            "claim-token-of-this-test",
            Optional.of(workDirectory),
            variables);
    LogSink sink = new LogSink(out, InstantSource.system());
    return new Runner(config, QUICK, InstantSource.system(), sink, new StopSignal()).run();
  }

  String log() {
    return out.toString(UTF_8);
  }

  static Optional<Cause> cause(LocalGateway gateway) {
    return gateway.result().failure().map(Failure::cause);
  }
}
