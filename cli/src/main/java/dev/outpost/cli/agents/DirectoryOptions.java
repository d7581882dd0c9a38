package dev.outpost.cli.agents;

import dev.outpost.cli.shell.Shell;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the agents' programs are. */
final class DirectoryOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The programs' folder (OUTPOST_AGENTS_DIR; else agents in the data folder).")
  private Optional<Path> dir = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The data folder of `outpost up`. Default: .outpost here, or else beside the outpost script.")
  private Optional<Path> data = Optional.empty();

  AgentsDirectory directory(Shell shell) {
    Optional<Path> named =
        dir.or(() -> shell.variable(AgentsDirectory.VARIABLE).map(Path::of)).map(shell::resolve);
    return named
        .map(AgentsDirectory::new)
        .orElseGet(() -> AgentsDirectory.of(Map.of(), shell.data(data)));
  }
}
