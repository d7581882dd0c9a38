package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.control.ControlClient;
import dev.outpost.cli.control.Outcome;
import dev.outpost.cli.shell.Shell;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real {@code outpost up}, as a process of its own, that is measured from outside. */
final class BenchedMachine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = 2_000_000;

  private final Process process;
  private final URI url;
  private final Path data;
  private final double startMillis;
  private final double startCpuMillis;

  private BenchedMachine(Process process, URI url, Path data, double startMillis) {
    this.process = process;

    this.url = url;
    this.data = data;
    this.startMillis = startMillis;
    this.startCpuMillis = cpuMillis();
  }

  /**
   * Starts one, by the launcher script where this command was started by it, and waits for its
   * first answer.
   *
   * @param data its data folder
   * @param launches whether it launches what it accepts
   */
  static BenchedMachine start(Shell shell, Path data, boolean launches)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command = new ArrayList<>(launcher(shell));
    command.addAll(List.of("up", "--port", Integer.toString(port), "--data", data.toString()));
    if (!launches) {
      command.add("--accept-only");
    }
    Files.createDirectories(data);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("stdout.log").toFile()));
    builder.environment().put("OUTPOST_JAVA_HOME", System.getProperty("java.home"));
    URI url = URI.create("http://127.0.0.1:" + port);
    long begin = System.nanoTime();
    Process process = builder.start();
    try {
      awaitHealth(process, url, data);
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
    return new BenchedMachine(process, url, data, (System.nanoTime() - begin) / 1e6);
  }

  private static List<String> launcher(Shell shell) {
    Optional<Path> script = shell.home().map(home -> home.resolve("outpost"));
    if (script.isPresent() && Files.isExecutable(script.get())) {
      return List.of(script.get().toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "dev.outpost.cli.Main");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitHealth(Process process, URI url, Path data)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (KeptConnection connection = new KeptConnection(url)) {
        if (connection.get("/health").status() == 200) {
          return;
        }
      } catch (IOException _) {
        // It does not listen yet.
      }
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IOException(
            "outpost up did not start: " + Files.readString(data.resolve("stdout.log")));
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
  }

  /** The time from its start, as if typed, to its first answer of /health. */
  double startMillis() {
    return startMillis;
  }

  /** The CPU time that its start took, which other programs' work does not lengthen. */
  double startCpuMillis() {
    return startCpuMillis;
  }

  /** The CPU time that it has taken so far. */
  double cpuMillis() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
  }

  URI url() {
    return url;
  }

  /** The key of a new tenant of the largest tier. */
  String newTenantsKey() throws IOException {
    Outcome outcome =
        new ControlClient(data)
            .run(
                List.of(
                    "tenant",
                    "create",
                    "bench",
                    "bench@localhost",
                    "--tier",
                    "enterprise",
                    "--data",
                    data.toString(),
                    "--json"));
    if (outcome.exit() != 0) {
      throw new IOException("no tenant could be made: " + outcome.err());
    }
    Map<?, ?> key = (Map<?, ?>) JSON.std.mapFrom(outcome.out()).get("apiKey");
    return (String) key.get("key");
  }

  /** The resident memory in MB; none where there is no /proc. */
  Optional<Double> residentMb() {
    return HostData.residentMb(process.pid());
  }

  /** Kills it as nothing can be prepared for. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it in order. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
