package dev.outpost.runner.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.outpost.run.ContainerContract;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Processes of an agent that left its group (setsid): on Linux they are known by the dispatch's
 * marker in their environment. Neither the runner nor who started it is one of them, although they
 * carry the marker too, nor another runner of the same dispatch, which has a claim token. A process
 * that wiped its environment and went elsewhere is not found; in a container it ends with the
 * container.
 */
final class Stragglers {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST_ROUNDS = 20;

  private final String marker;
  private final Set<Long> ours = new HashSet<>();

  Stragglers(String dispatchId) {
    marker = "\0" + ContainerContract.DISPATCH_ID + "=" + dispatchId + "\0";
    for (Optional<ProcessHandle> process = Optional.of(ProcessHandle.current());
        process.isPresent();
        process = process.get().parent()) {
      ours.add(process.get().pid());
    }
  }

  /** Kills them until none is left or, against a fork bomb, for some rounds. */
  void kill() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      List<ProcessHandle> found = find();
      if (found.isEmpty()) {
        return;
      }
      found.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private List<ProcessHandle> find() {
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(PROC.resolve("self"))) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (!ours.contains(pid) && isOfRun(process)) {
          ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(found::add);
        }
      }
    } catch (IOException | RuntimeException _) {
      // A process list that changes while it is read: the next round sees the rest.
      return found;
    }
    return found;
  }

  private boolean isOfRun(Path process) {
    try {
      String environment =
          "\0" + new String(Files.readAllBytes(process.resolve("environ")), ISO_8859_1);
      return environment.contains(marker)
          && !environment.contains("\0" + ContainerContract.CLAIM_TOKEN + "=");
    } catch (IOException _) {
      // It is gone, or another user's.
      return false;
    }
  }
}
