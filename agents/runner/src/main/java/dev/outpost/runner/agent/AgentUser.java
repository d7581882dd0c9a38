package dev.outpost.runner.agent;

import dev.outpost.run.ContainerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another user of this machine, whom the agent runs as, so that nothing of the runner is open to
 * it: neither its memory nor its variables in {@code /proc}, nor its files. The runner must be
 * allowed to become that user, as root or with {@code CAP_SETUID}, {@code CAP_SETGID} and {@code
 * CAP_CHOWN}. No other run may use the user at the same time: what is left of it is killed.
 *
 * @param uid the user's number, not root's
 * @param gid the number of its only group
 */
public record AgentUser(int uid, int gid) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8}):([1-9][0-9]{0,8})");
  private static final long PATIENCE_SECONDS = 300;

  /** All rights of the caller are left behind, and no program gives any back. */
  private static final List<String> POWERLESS =
      List.of("setpriv", "--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs");

  /**
   * The user that variables name, if they do.
   *
   * @throws IllegalArgumentException when what they name is none
   */
  public static Optional<AgentUser> of(Map<String, String> variables) {
    String text = variables.getOrDefault(ContainerContract.AGENT_USER, "");
    if (text.isBlank()) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          ContainerContract.AGENT_USER + " is no uid:gid in numbers, both other than root's");
    }
    return Optional.of(
        new AgentUser(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
  }

  /** What a command of the runner's own begins with that needs none of its special rights. */
  public static List<String> powerless() {
    List<String> words = new ArrayList<>(POWERLESS);
    words.add("--");
    return words;
  }

  /** The command, run as this user. */
  List<String> as(List<String> command) {
    List<String> words = new ArrayList<>(POWERLESS);
    words.addAll(List.of("--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
    words.addAll(command);
    return words;
  }

  /**
   * Gives it files and directories with all in them; links themselves, not what they point to.
   *
   * @throws IOException when they cannot be given
   */
  public void give(Path... paths) throws IOException {
    must(words(List.of("chown", "-hR", uid + ":" + gid, "--"), paths));
  }

  /**
   * Takes them back, whatever modes it gave them, for the runner to read and to remove. Its last
   * process must be gone.
   *
   * @throws IOException when they cannot be taken
   */
  public void takeBack(Path... paths) throws IOException {
    Path own = paths[0].getParent();
    String owner = Files.getAttribute(own, "unix:uid") + ":" + Files.getAttribute(own, "unix:gid");
    // By the user itself: the runner may not look into a directory that is closed to it.
    must(as(words(List.of("chmod", "-R", "u+rwX,go+rX", "--"), paths)));
    must(words(List.of("chown", "-hR", owner, "--"), paths));
  }

  /** Kills all that runs as this user; nobody but the user itself needs the right to. */
  void killAll() {
    try {
      run(as(List.of("/bin/sh", "-c", "kill -s KILL -- -1")));
    } catch (IOException _) {
      // No process can be started any more; in a container the rest ends with it.
    }
  }

  private static List<String> words(List<String> command, Path... paths) {
    List<String> words = new ArrayList<>(command);
    Arrays.stream(paths).map(Path::toString).forEach(words::add);
    return words;
  }

  private static void must(List<String> command) throws IOException {
    int code = run(command);
    if (code != 0) {
      throw new IOException(
          "files cannot change hands between runner and agent: "
              + command.getFirst()
              + " ended with "
              + code);
    }
  }

  private static int run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      throw new IOException(command.getFirst() + " takes too long");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
