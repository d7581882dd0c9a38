package dev.outpost.machine;

import dev.outpost.cli.Main;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code outpost up} as a process of its own, which can be killed like one. Its output goes to a
 * file, so that nobody has to read along.
 */
final class UpProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern UP =
      Pattern.compile("(?m)^Outpost is up at (http://127\\.0\\.0\\.1:(\\d+))$");

  private final Process process;
  private final Path data;
  private final Path output;

  private UpProcess(Process process, Path data, Path output) {
    this.process = process;
    this.data = data;
    this.output = output;
  }

  /** Starts it nearly as the launcher script does, and waits until it answers. */
  static UpProcess start(Path data, int port) throws Exception {
    return started(launch(data, port));
  }

  /** The same from the jars of that folder, and not on this process's class path. */
  static UpProcess staged(Path jars, Path data) throws Exception {
    return started(launch(jars.resolve("*").toString(), data, 0));
  }

  private static UpProcess started(UpProcess up) throws Exception {
    Poll.until(
        "it is up",
        PATIENCE,
        () -> {
          if (!up.process.isAlive()) {
            throw new IllegalStateException("it ended at once: " + up.output());
          }
          return up.greeting().find();
        });
    return up;
  }

  /** Starts it, whatever comes of that. */
  static UpProcess launch(Path data, int port) throws IOException {
    return launch(System.getProperty("java.class.path"), data, port);
  }

  private static UpProcess launch(String classPath, Path data, int port) throws IOException {
    Path output = Files.createTempFile(data.toAbsolutePath().getParent(), "up", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xlog:disable",
                    "-Xmx384m",
                    "-Xss512k",
                    // It is killed long before the second compiler would have paid for itself.
                    "-XX:TieredStopAtLevel=1",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    Main.class.getName(),
                    "up",
                    "--port",
                    Integer.toString(port),
                    "--data",
                    data.toString()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // As the launcher has it: each round of the reconciler would else be told on standard output.
    builder.environment().put("POWERTOOLS_METRICS_DISABLED", "true");
    return new UpProcess(builder.start(), data, output);
  }

  private Matcher greeting() throws IOException {
    return UP.matcher(output());
  }

  /** All that it has printed, complaints included. */
  String output() throws IOException {
    return Files.readString(output);
  }

  long pid() {
    return process.pid();
  }

  int port() throws IOException {
    Matcher greeting = greeting();
    if (!greeting.find()) {
      throw new IllegalStateException("it is not up");
    }
    return Integer.parseInt(greeting.group(2));
  }

  /** What it wrote for programs. */
  LocalCredentials credentials() throws IOException {
    return new DataDirectory(data).credentials().orElseThrow();
  }

  /** SIGKILL: nothing of it runs any more, not even a shutdown hook. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  /**
   * SIGTERM.
   *
   * @return the exit code
   */
  int terminate() throws InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** Waits for its end and tells the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " does not end");
    }
    return process.exitValue();
  }

  /** Ends it at once, and if it was up the tasks that it leaves: nobody will take them up again. */
  @Override
  public void close() throws IOException {
    boolean wasUp = process.isAlive();
    process.destroyForcibly().onExit().join();
    if (wasUp) {
      TaskTree.endAll(data);
    }
  }
}
