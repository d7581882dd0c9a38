package dev.outpost.cli;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** A command as somebody types it somewhere, and what came of it. */
public final class Typed {
  /** The time in every such shell. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private Terminal terminal = Terminal.NONE;
  private String input = "";

  private Typed(Path directory) {
    this.directory = directory;
  }

  /** In that folder. */
  public static Typed in(Path directory) {
    return new Typed(directory);
  }

  /** With that environment variable. */
  public Typed with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** At that terminal. */
  public Typed at(Terminal other) {
    terminal = other;
    return this;
  }

  /** With that on standard input. */
  public Typed reading(String text) {
    input = text;
    return this;
  }

  /** Types it. */
  public Came run(String... args) {
    return run(Main::run, args);
  }

  /** What a shell and words are given to. */
  @FunctionalInterface
  interface Command {
    int run(Shell shell, String... args);
  }

  /** Types it to that command. */
  Came run(Command command, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    RandomGenerator seeded = new Random(7);
    Shell shell =
        new Shell(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            directory,
            Optional.empty(),
            terminal,
            () -> NOW,
            _ -> {},
            seeded);
    int exit = command.run(shell, args);
    return new Came(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /**
   * What came of it.
   *
   * @param exit the exit code
   * @param out standard output
   * @param err standard error
   */
  public record Came(int exit, String out, String err) {}
}
