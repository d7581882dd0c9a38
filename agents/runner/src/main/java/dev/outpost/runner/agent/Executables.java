package dev.outpost.runner.agent;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs as execvp would. */
final class Executables {
  private Executables() {}

  /**
   * The program of that name in the directories of a PATH; a name with a slash is left as it is.
   */
  static Optional<Path> find(String name, String searchPath) {
    if (name.contains("/")) {
      return Optional.of(Path.of(name));
    }
    for (String directory : searchPath.split(":", -1)) {
      try {
        Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
        if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
          return Optional.of(candidate);
        }
      } catch (InvalidPathException _) {
        // A directory that this machine cannot write holds nothing for us.
      }
    }
    return Optional.empty();
  }
}
