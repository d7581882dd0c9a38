package dev.outpost.runner.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running agent: its leader, its group, and the readers of what it prints. */
final class AgentProcess {
  /** A longer line is no event of an agent's, and is logged in parts; in bytes. */
  private static final int LONGEST_LINE = 4 * 1024 * 1024;

  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final Process process;
  private final ProcessGroup group;
  private final Stragglers stragglers;
  private final Optional<AgentUser> user;
  private final List<Thread> readers = new ArrayList<>();

  private AgentProcess(Process process, Stragglers stragglers, Optional<AgentUser> user) {
    this.process = process;
    this.stragglers = stragglers;
    this.user = user;
    group = new ProcessGroup(process.pid(), user);
  }

  static AgentProcess start(
      AgentCommand command, String dispatchId, LineReader.Lines output, LineReader.Lines errors)
      throws CannotStart {
    String program = command.words().getFirst();
    if (Executables.find(program, command.searchPath()).isEmpty()) {
      throw new CannotStart("the agent's program " + program + " is not installed here");
    }
    List<String> words =
        command.user().map(user -> user.as(command.words())).orElse(command.words());
    ProcessBuilder builder =
        new ProcessBuilder(
                Session.leading(words, command.searchPath() + ":" + AgentCommand.USUAL_PATH))
            .directory(command.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    builder.redirectInput(command.input().orElse(Path.of("/dev/null")).toFile());
    try {
      AgentProcess agent =
          new AgentProcess(builder.start(), new Stragglers(dispatchId), command.user());
      agent.read("agent-stdout", agent.process.getInputStream(), output);
      agent.read("agent-stderr", agent.process.getErrorStream(), errors);
      return agent;
    } catch (IOException e) {
      throw new CannotStart("the agent cannot be started: " + e.getMessage());
    }
  }

  private void read(String name, InputStream in, LineReader.Lines lines) {
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> new LineReader(LONGEST_LINE, lines).readAll(in));
    readers.add(reader);
  }

  /** Completes when the leader has ended. */
  CompletableFuture<Process> ended() {
    return process.onExit();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void interrupt() {
    group.interrupt();
  }

  void terminate() {
    group.terminate();
  }

  /**
   * Kills all that is left of the agent, and waits a little for its last words: a process that was
   * not found may hold the pipes open for ever.
   *
   * @return the leader's exit code, 128 and more when a signal ended it
   */
  int finish() throws InterruptedException {
    group.kill();
    stragglers.kill();
    user.ifPresent(AgentUser::killAll);
    int code = process.waitFor();
    long until = System.nanoTime() + LAST_WORDS.toNanos();
    for (Thread reader : readers) {
      reader.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
    }
    return code;
  }
}
