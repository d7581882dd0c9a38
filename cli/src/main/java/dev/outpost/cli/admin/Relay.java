package dev.outpost.cli.admin;

import dev.outpost.cli.control.ControlClient;
import dev.outpost.cli.control.Outcome;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParseResult;

/**
 * Where a {@code tenant} or {@code key} command runs: here on a deployed stage's tables, or,
 * because only one process can hold the embedded store, inside the machine that holds it.
 *
 * <p>The command line is parsed here in both cases, so that help and typing errors need no machine.
 */
public final class Relay implements IExecutionStrategy {
  private final Shell shell;
  private final TenantStores stores;
  private final Where where = new Where();

  /** In that shell, with those stores for {@code --stage}. */
  public Relay(Shell shell, TenantStores stores) {
    this.shell = Objects.requireNonNull(shell, "shell");
    this.stores = Objects.requireNonNull(stores, "stores");
  }

  /** The {@code tenant} command. */
  public CommandLine tenant() {
    return TenantCommand.line(administration(), where);
  }

  /** The {@code key} command. */
  public CommandLine key() {
    return KeyCommand.line(administration(), where);
  }

  private Administration administration() {
    return Administration.on(
        () -> stores.of(where.stage().orElseThrow(() -> Refusal.usage("no stage was named"))),
        shell.clock(),
        shell.random());
  }

  @Override
  public int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    if (!belongsToTheMachine(parsed)) {
      return new CommandLine.RunLast().execute(parsed);
    }
    try {
      Outcome outcome =
          new ControlClient(shell.data(where.data())).run(List.copyOf(parsed.originalArgs()));
      shell.out().print(outcome.out());
      shell.out().flush();
      shell.err().print(outcome.err());
      shell.err().flush();
      return outcome.exit();
    } catch (Refusal refusal) {
      CommandLine last = parsed.subcommand().subcommand().commandSpec().commandLine();
      throw new CommandLine.ExecutionException(last, refusal.getMessage(), refusal);
    }
  }

  private boolean belongsToTheMachine(ParseResult parsed) {
    return parsed.hasSubcommand()
        && Administration.COMMANDS.contains(parsed.subcommand().commandSpec().name())
        && parsed.subcommand().hasSubcommand()
        && where.stage().isEmpty();
  }
}
