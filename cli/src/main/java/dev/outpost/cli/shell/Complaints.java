package dev.outpost.cli.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Objects;
import picocli.CommandLine;

/** How a command line tells what went wrong: in a sentence, and in JSON when JSON was asked for. */
public final class Complaints {
  private Complaints() {}

  /** The same command line, which now tells refusals and defects without a stack trace. */
  public static CommandLine toldBy(CommandLine line) {
    line.setExecutionExceptionHandler((e, command, _) -> tell(e, command));
    line.setParameterExceptionHandler(
        (e, _) -> {
          CommandLine command = e.getCommandLine();
          command.getErr().println("outpost: " + e.getMessage());
          if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command
                .getErr()
                .println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
          }
          command.getErr().flush();
          return ExitCode.USAGE.number();
        });
    // A task or a name may begin with @.
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  private static int tell(Exception e, CommandLine command) throws IOException {
    Refusal refusal =
        e instanceof Refusal told
            ? told
            : Refusal.local(
                "something went wrong that should not: "
                    + e.getClass().getSimpleName()
                    + ": "
                    + Objects.requireNonNullElse(e.getMessage(), "no more is known"));
    refusal.lines().forEach(command.getErr()::println);
    command.getErr().flush();
    if (command.getCommand() instanceof SpeaksJson speaker && speaker.json()) {
      command.getOut().println(JSON.std.asString(refusal.document()));
      command.getOut().flush();
    }
    return refusal.exit().number();
  }
}
