package dev.outpost.machine;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import dev.outpost.claim.Credentials;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The agents as this machine has them: their programs on PATH, their credentials in the
 * environment. Safe for use by many threads.
 */
final class LocalAgents implements Availability, Credentials {
  private final Map<String, String> environment;

  /** Looks into these variables, in production those of the process. */
  LocalAgents(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Optional<String> missing(Agent agent) {
    String program = agent.command().getFirst();
    if (!isOnPath(program)) {
      return Optional.of(
          "The agent "
              + agent.id()
              + " is not available: its program '"
              + program
              + "' is not on the PATH of ./outpost up.");
    }
    for (String name : agent.secretNames()) {
      if (environment.getOrDefault(name, "").isBlank()) {
        return Optional.of(
            "The agent "
                + agent.id()
                + " is not available: "
                + name
                + " is not set in the environment of ./outpost up.");
      }
    }
    return Optional.empty();
  }

  @Override
  public Map<String, String> of(Agent agent) {
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String name : agent.secretNames()) {
      String value = environment.getOrDefault(name, "");
      if (!value.isBlank()) {
        secrets.put(name, value);
      }
    }
    return secrets;
  }

  private boolean isOnPath(String program) {
    if (program.contains("/")) {
      return isProgram(Path.of(program));
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && isProgram(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
