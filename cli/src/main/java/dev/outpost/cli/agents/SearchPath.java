package dev.outpost.cli.agents;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where an environment finds programs. The JDK itself looks along the PATH of this process only.
 *
 * @param folders the folders as PATH has them
 */
public record SearchPath(String folders) {
  /** The PATH of these variables. */
  public static SearchPath of(Map<String, String> environment) {
    return new SearchPath(environment.getOrDefault("PATH", ""));
  }

  /** The program of that name or, where the name has a slash, at that path. */
  public Optional<Path> find(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(SearchPath::isProgram);
    }
    for (String folder : folders.split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && isProgram(Path.of(folder, program))) {
        return Optional.of(Path.of(folder, program));
      }
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
