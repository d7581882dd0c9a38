package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of the git command line that depend on nobody's configuration and run nobody's hooks,
 * filters or monitors. Not safe for use by several threads.
 */
public final class Git {
  /** Takes and gives nothing. */
  static final Path NOTHING = Path.of("/dev/null");

  private static final int LONGEST_COMPLAINT = 16 * 1024;

  private static final List<String> OPTIONS =
      List.of(
          "git",
          "-c",
          "core.hooksPath=/dev/null",
          "-c",
          "core.fsmonitor=false",
          "-c",
          "core.autocrlf=false",
          "-c",
          "core.excludesFile=/dev/null",
          "-c",
          "core.attributesFile=/dev/null",
          "-c",
          "protocol.ext.allow=never",
          "-c",
          "submodule.recurse=false",
          "-c",
          "fetch.recurseSubmodules=false",
          "-c",
          "advice.addEmbeddedRepo=false",
          "-c",
          "gc.auto=0",
          "-c",
          "maintenance.auto=false");

  private final List<String> prefix;
  private final Map<String, String> environment;
  private final Path directory;
  private final Path scratch;
  private final StopSignal stop;

  private Git(
      List<String> prefix,
      Map<String, String> environment,
      Path directory,
      Path scratch,
      StopSignal stop) {
    this.prefix = prefix;
    this.environment = environment;
    this.directory = directory;
    this.scratch = scratch;
    this.stop = stop;
  }

  /**
   * Git for a run.
   *
   * @param inherited the environment to start from, e.g. for proxies and ssh keys; variables of git
   *     and of Outpost are left out
   * @param scratch an existing directory outside the work tree for the output of its calls
   * @param stop ends a running call
   */
  public static Git of(Map<String, String> inherited, Path scratch, StopSignal stop) {
    Map<String, String> environment = new HashMap<>(inherited);
    environment.keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("OUTPOST_"));
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_ATTR_NOSYSTEM", "1");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_LFS_SKIP_SMUDGE", "1");
    environment.put("GIT_ALLOW_PROTOCOL", "https:http:ssh:file:git");
    environment.put("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("LC_ALL", "C");
    environment.put("LANGUAGE", "C");
    return new Git(List.of(), environment, scratch, scratch, stop);
  }

  /** The same git, called through another command, which must run it in its own place. */
  public Git through(List<String> words) {
    return new Git(List.copyOf(words), environment, directory, scratch, stop);
  }

  /**
   * What {@code git --version} says.
   *
   * @throws IOException when there is no git
   */
  public String version() throws IOException {
    return read(Duration.ofMinutes(1), "--version");
  }

  /** Where its calls are made. */
  Path directory() {
    return directory;
  }

  /** The same git in another directory. */
  Git in(Path otherDirectory) {
    return new Git(prefix, environment, otherDirectory, scratch, stop);
  }

  /** The same git with further variables. */
  Git with(Map<String, String> variables) {
    Map<String, String> more = new HashMap<>(environment);
    more.putAll(variables);
    return new Git(prefix, more, directory, scratch, stop);
  }

  /** The same git that runs on when the run is stopped, for what is to be saved from it. */
  Git unstoppable() {
    return new Git(prefix, environment, directory, scratch, new StopSignal());
  }

  /**
   * How a call ended.
   *
   * @param ending exit code, or why there is none
   * @param complaint the beginning of its standard error
   */
  record Answer(Ending ending, String complaint) {
    boolean isSuccess() {
      return ending instanceof Ending.Exited(int code) && code == 0;
    }
  }

  /** How a process ended. */
  sealed interface Ending {
    /** By itself. */
    record Exited(int code) implements Ending {}

    /** Killed: its time was up. */
    record TimedOut() implements Ending {}

    /** Killed: the run was stopped. */
    record Stopped() implements Ending {}
  }

  /** Calls git, its standard output thrown away. */
  Answer run(Duration limit, String... words) throws IOException {
    return run(NOTHING, limit, List.of(words));
  }

  /**
   * Calls git and answers its standard output, which must be small.
   *
   * @throws IOException when git fails
   */
  String read(Duration limit, String... words) throws IOException {
    return read(true, limit, words);
  }

  /** The same, the empty text when git fails. */
  String tryRead(Duration limit, String... words) throws IOException {
    return read(false, limit, words);
  }

  private String read(boolean must, Duration limit, String... words) throws IOException {
    Path out = Files.createTempFile(scratch, "git", ".out");
    try {
      Answer answer = run(out, limit, List.of(words));
      if (answer.isSuccess()) {
        return Files.readString(out, UTF_8).strip();
      }
      if (must || !(answer.ending() instanceof Ending.Exited)) {
        throw new IOException("git " + words[0] + " failed: " + answer.complaint().strip());
      }
      return "";
    } finally {
      Files.deleteIfExists(out);
    }
  }

  /**
   * Calls git, its standard output going to a file.
   *
   * @throws IOException when git cannot be started
   */
  Answer run(Path out, Duration limit, List<String> words) throws IOException {
    return run(NOTHING, out, limit, words);
  }

  /**
   * Calls git, its standard input and output being files.
   *
   * @throws IOException when git cannot be started
   */
  Answer run(Path in, Path out, Duration limit, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(OPTIONS);
    command.addAll(words);
    Path complaints = Files.createTempFile(scratch, "git", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectInput(ProcessBuilder.Redirect.from(in.toFile()));
      builder.redirectOutput(out.toFile());
      builder.redirectError(complaints.toFile());
      Ending ending = await(builder.start(), limit);
      try (var written = Files.newInputStream(complaints)) {
        return new Answer(ending, new String(written.readNBytes(LONGEST_COMPLAINT), UTF_8));
      }
    } finally {
      Files.deleteIfExists(complaints);
    }
  }

  private Ending await(Process process, Duration limit) {
    try {
      CompletableFuture.anyOf(process.onExit(), stop.raised())
          .get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (!process.isAlive()) {
        return new Ending.Exited(process.exitValue());
      }
      return new Ending.Stopped();
    } catch (TimeoutException _) {
      return new Ending.TimedOut();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Ending.Stopped();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for git failed", e);
    } finally {
      if (process.isAlive()) {
        // Its helpers (git-remote-https, ssh) first: without their parent they are hard to find.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
