package dev.outpost.cli.agents;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Everything about the agents' own programs. */
@Command(
    name = "agents",
    description = "Installs the agents' own programs, and tells which are here.",
    synopsisSubcommandLabel = "COMMAND")
public final class AgentsCommand implements Runnable {
  private AgentsCommand() {}

  /** The command with its own commands, in that shell. */
  public static CommandLine line(Shell shell) {
    return new CommandLine(new AgentsCommand())
        .addSubcommand("install", new InstallCommand(shell))
        .addSubcommand("list", new ListAgentsCommand(shell));
  }

  @Override
  public void run() {
    throw Refusal.usage("agents needs a command: install or list");
  }
}
