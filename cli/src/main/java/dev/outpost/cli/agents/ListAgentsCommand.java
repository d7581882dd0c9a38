package dev.outpost.cli.agents;

import dev.outpost.agent.Agent;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.machine.LocalAgents;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells what an {@code outpost up} started here could dispatch to. */
@Command(
    name = "list",
    description = "Lists the agents: the programs that are here, and what is missing.")
final class ListAgentsCommand implements Callable<Integer> {
  /** Nothing is cut: the reason is what one looks for. */
  private static final int WIDEST = 1000;

  private final Shell shell;

  @Mixin private DirectoryOptions options;

  ListAgentsCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() {
    PinnedPrograms pinned = PinnedPrograms.packaged();
    AgentsDirectory directory = options.directory(shell);
    Map<String, String> environment = directory.onPath(shell.environment());
    LocalAgents local = new LocalAgents(environment);
    Table table = new Table("AGENT", "VERSION", "PROGRAM", "AVAILABLE");
    for (Agent agent : CatalogueFile.packaged().agents()) {
      Optional<Path> program = local.program(agent);
      Optional<String> version =
          program
              .filter(path -> path.startsWith(directory.path()))
              .flatMap(_ -> pinned.npm(agent.id()))
              .flatMap(wanted -> Installation.version(directory, wanted));
      table.add(
          agent.id(),
          version.orElse("-"),
          program.map(Path::toString).orElse("-"),
          local.lack(agent).map(why -> "no: " + why).orElse("yes"));
    }
    table.lines(WIDEST).forEach(shell.printer()::println);
    return 0;
  }
}
