package dev.outpost.cli.shell;

import dev.outpost.dispatch.Watch;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Everything outside that a command may touch, so that nothing else reads the environment, the
 * clock or the standard streams.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: progress and complaints
 * @param environment the environment variables
 * @param directory where the command was typed
 * @param home the folder of the launcher script, if it was started by it
 * @param terminal what the streams are connected to
 * @param clock the time
 * @param pause lets time pass
 * @param random a cryptographic generator in production
 */
public record Shell(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path directory,
    Optional<Path> home,
    Terminal terminal,
    InstantSource clock,
    Watch.Pause pause,
    RandomGenerator random) {
  private static final String DATA = ".outpost";

  /** Copies the environment. */
  public Shell {
    Objects.requireNonNull(in, "in");
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
    environment = Map.copyOf(environment);
    directory = directory.toAbsolutePath().normalize();
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(terminal, "terminal");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(random, "random");
  }

  /** The shell of this process. */
  public static Shell ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Shell(
        System.in,
        System.out,
        System.err,
        environment,
        Path.of(""),
        Optional.ofNullable(System.getProperty("outpost.home")).map(Path::of),
        Terminal.of(
            System.getProperty("outpost.terminal", ""),
            System.getProperty("outpost.columns", ""),
            environment),
        InstantSource.system(),
        Shell::sleep,
        new SecureRandom());
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The variable's value, unless it is missing or empty. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** That path as seen from where the command was typed. */
  public Path resolve(Path path) {
    return directory.resolve(path).normalize();
  }

  /**
   * The data folder of the one-machine installation: the one asked for, else {@code .outpost} where
   * the command was typed, else beside the launcher script, so that a command works from inside any
   * repository.
   */
  public Path data(Optional<Path> asked) {
    if (asked.isPresent()) {
      return resolve(asked.get());
    }
    Path here = directory.resolve(DATA);
    return Files.isDirectory(here) ? here : home.orElse(directory).resolve(DATA);
  }

  /** Standard output for text. */
  public PrintWriter printer() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  /** Standard error for text. */
  public PrintWriter complaints() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }
}
