package dev.outpost.runner.agent;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The processes that an agent started and that did not leave its group.
 *
 * @param id the leader's process id
 * @param user whom they run as, where that is another than the runner
 */
record ProcessGroup(long id, Optional<AgentUser> user) {
  private static final int SIGNAL_SECONDS = 5;

  void interrupt() {
    signal("INT");
  }

  void terminate() {
    signal("TERM");
  }

  void kill() {
    signal("KILL");
  }

  /** The JDK can signal a process but no group; the shell's own kill is on every machine. */
  private void signal(String name) {
    try {
      List<String> kill =
          List.of("/bin/sh", "-c", "kill -s \"$0\" -- \"-$1\"", name, Long.toString(id));
      Process shell =
          new ProcessBuilder(user.map(other -> other.as(kill)).orElse(kill))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // An empty group is an error of kill's, and what we want.
      if (!shell.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException _) {
      // No process can be started any more: the leader at least can be signalled without one.
      ProcessHandle.of(id)
          .ifPresent(
              leader -> {
                switch (name) {
                  case "KILL" -> leader.destroyForcibly();
                  case "TERM" -> leader.destroy();
                  default -> {
                    // The JDK has no other signal; a stronger one follows.
                  }
                }
              });
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
