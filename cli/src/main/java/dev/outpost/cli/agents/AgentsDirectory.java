package dev.outpost.cli.agents;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The folder that {@code outpost agents install} installs into: a folder for each agent, and one
 * with all their programs that goes on the PATH.
 *
 * @param path the folder
 */
public record AgentsDirectory(Path path) {
  /** The variable that names another folder than the one among the data. */
  public static final String VARIABLE = "OUTPOST_AGENTS_DIR";

  private static final String PATH = "PATH";

  /** Makes the path absolute. */
  public AgentsDirectory {
    path = path.toAbsolutePath().normalize();
  }

  /** The folder that those variables name, else the one among the data. */
  public static AgentsDirectory of(Map<String, String> environment, Path data) {
    String named = environment.getOrDefault(VARIABLE, "");
    return new AgentsDirectory(named.isBlank() ? data.resolve("agents") : Path.of(named));
  }

  /** Where the programs are. */
  public Path programs() {
    return path.resolve("bin");
  }

  /**
   * Whether the agent's program is installed here, in the very version that Outpost is tested with.
   */
  public boolean hasPinned(String agent) {
    return PinnedPrograms.packaged()
        .npm(agent)
        .filter(wanted -> Installation.version(this, wanted).equals(Optional.of(wanted.version())))
        .isPresent();
  }

  /** What is installed for an agent. */
  Path of(String agent) {
    return path.resolve(agent);
  }

  /** Those variables with our programs before all others on the PATH. */
  public Map<String, String> onPath(Map<String, String> environment) {
    Map<String, String> with = new LinkedHashMap<>(environment);
    with.merge(PATH, programs().toString(), (old, ours) -> ours + File.pathSeparator + old);
    return with;
  }
}
