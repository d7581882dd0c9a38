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
 * Where a {@code tenant}, {@code key} or {@code redrive} command runs: here on a deployed stage,
 * or, because only one process can hold the embedded store, inside the machine that holds it.
 *
 * <p>The command line is parsed here in both cases, so that help and typing errors need no machine.
 */
public final class Relay implements IExecutionStrategy {
  private final Shell shell;
  private final Stages stages;
  private final Where where = new Where();

  /** In that shell, with those stages for {@code --stage}. */
  public Relay(Shell shell, Stages stages) {
    this.shell = Objects.requireNonNull(shell, "shell");
    this.stages = Objects.requireNonNull(stages, "stages");
  }

  /** The {@code tenant} command. */
  public CommandLine tenant() {
    return TenantCommand.line(administration(), where);
  }

  /** The {@code key} command. */
  public CommandLine key() {
    return KeyCommand.line(administration(), where);
  }

  /** The {@code redrive} command. */
  public CommandLine redrive() {
    return RedriveCommand.line(administration(), where);
  }

  private Administration administration() {
    return Administration.on(
        () -> stages.tenants(stage()),
        queue -> stages.deadLetters(stage(), queue),
        shell.clock(),
        shell.random());
  }

  private String stage() {
    return where.stage().orElseThrow(() -> Refusal.usage("no stage was named"));
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
      CommandLine last = command(parsed).commandSpec().commandLine();
      throw new CommandLine.ExecutionException(last, refusal.getMessage(), refusal);
    }
  }

  /** Whether it is a command of ours; {@code tenant} alone is only a word before one. */
  private boolean belongsToTheMachine(ParseResult parsed) {
    return command(parsed).commandSpec().userObject() instanceof AdminCommand
        && where.stage().isEmpty();
  }

  private static ParseResult command(ParseResult parsed) {
    return parsed.hasSubcommand() ? command(parsed.subcommand()) : parsed;
  }
}
