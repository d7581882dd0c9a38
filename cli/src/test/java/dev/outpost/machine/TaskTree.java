package dev.outpost.machine;

import dev.outpost.run.ContainerContract;
import dev.outpost.runner.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** A dispatch's processes as the system tells them, found by the name that they all carry. */
final class TaskTree {
  private static final Path PROC = Path.of("/proc");

  private TaskTree() {}

  /** All that carry the dispatch's id in their environment. */
  static Set<Long> of(String dispatchId) throws IOException {
    String mark = "\0" + ContainerContract.DISPATCH_ID + "=" + dispatchId + "\0";
    Set<Long> found = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        if (("\0" + read(entry.resolve("environ"))).contains(mark)) {
          found.add(Long.parseLong(entry.getFileName().toString()));
        }
      }
    }
    return found;
  }

  /** The runner's own process among them. */
  static long runner(String dispatchId) throws IOException {
    return of(dispatchId).stream()
        .filter(
            pid -> {
              String[] words = commandLine(pid).split("\0", -1);
              return words[0].endsWith("/java") && commandLine(pid).contains(Main.class.getName());
            })
        .findFirst()
        .orElseThrow(() -> new AssertionError("no runner of " + dispatchId));
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
