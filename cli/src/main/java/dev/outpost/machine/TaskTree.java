package dev.outpost.machine;

import dev.outpost.run.ContainerContract;
import dev.outpost.runner.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dispatches' processes as Linux tells them, found by the name that they all carry: the look of
 * somebody outside, who does not ask the machine.
 */
final class TaskTree {
  private static final Path PROC = Path.of("/proc");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
  private static final Pattern MARK =
      Pattern.compile("\0" + ContainerContract.DISPATCH_ID + "=([^\0]*)\0");

  private TaskTree() {}

  /** All that carry a dispatch's id in their environment, by that id. */
  static Map<String, Set<Long>> all() throws IOException {
    Map<String, Set<Long>> found = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        Matcher mark = MARK.matcher("\0" + read(entry.resolve("environ")));
        if (mark.find()) {
          found
              .computeIfAbsent(mark.group(1), _ -> new HashSet<>())
              .add(Long.parseLong(entry.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /** The same, but only tasks of the machine of that data folder. */
  static Map<String, Set<Long>> under(Path data) throws IOException {
    String home = "\0" + ContainerContract.WORK_DIR + "=" + data.toAbsolutePath() + "/";
    Map<String, Set<Long>> all = all();
    all.values()
        .removeIf(
            tree ->
                tree.stream()
                    .noneMatch(
                        pid ->
                            ("\0" + read(PROC.resolve(Long.toString(pid)).resolve("environ")))
                                .contains(home)));
    return all;
  }

  /**
   * SIGKILL for every task of the machine of that data folder, which must be down, or more would
   * come. When this returns nothing of them is left, and nothing writes to the folder any more.
   * Where the system is not Linux, which tells whose a process is, they are left to themselves.
   */
  static void endAll(Path data) throws IOException {
    if (!ProcessTable.isLinux()) {
      return;
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    // By their ids as well: without its runner an agent no longer shows whose it is.
    Set<String> ids = new HashSet<>(under(data).keySet());
    Map<String, Set<Long>> left = all();
    left.keySet().retainAll(ids);
    while (!left.isEmpty()) {
      left.values().forEach(tree -> tree.forEach(TaskTree::kill));
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("these do not end: " + left);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      ids.addAll(under(data).keySet());
      left = all();
      left.keySet().retainAll(ids);
    }
  }

  /** All that carry that dispatch's id. */
  static Set<Long> of(String dispatchId) throws IOException {
    return all().getOrDefault(dispatchId, Set.of());
  }

  /** The runner's own process among a dispatch's, if it has started. */
  static Optional<Long> runner(Set<Long> tree) {
    return tree.stream()
        .filter(
            pid -> {
              String[] words = commandLine(pid).split("\0", -1);
              return words[0].endsWith("/java") && commandLine(pid).contains(Main.class.getName());
            })
        .findFirst();
  }

  static boolean isAlive(long pid) {
    return ProcessTable.row(pid).filter(row -> !row.isZombie()).isPresent();
  }

  /** SIGKILL. */
  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static String commandLine(long pid) {
    return read(PROC.resolve(Long.toString(pid)).resolve("cmdline"));
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return ""; // It ended while it was looked at.
    }
  }
}
