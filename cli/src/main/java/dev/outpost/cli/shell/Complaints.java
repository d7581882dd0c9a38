package dev.outpost.cli.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;

/** How a command line tells what went wrong: in a sentence, and in JSON when JSON was asked for. */
public final class Complaints {
  private Complaints() {}

  /** The same command line, which now tells refusals and defects without a stack trace. */
  public static CommandLine toldBy(CommandLine line) {
    return toldBy(line, _ -> Optional.empty());
  }

  /**
   * The same command line, which now tells refusals and defects without a stack trace.
   *
   * @param known makes refusals of exceptions that are no defects
   */
  public static CommandLine toldBy(CommandLine line, Function<Exception, Optional<Refusal>> known) {
    line.setExecutionExceptionHandler(
        (e, command, _) ->
            tell(
                e instanceof Refusal told ? told : known.apply(e).orElseGet(() -> defect(e)),
                command));
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

  private static Refusal defect(Exception e) {
    return Refusal.local(
        "something went wrong that should not: "
            + e.getClass().getSimpleName()
            + ": "
            + Objects.requireNonNullElse(e.getMessage(), "no more is known"));
  }

  private static int tell(Refusal refusal, CommandLine command) throws IOException {
    refusal.lines().forEach(command.getErr()::println);
    command.getErr().flush();
    if (command.getCommand() instanceof SpeaksJson speaker && speaker.json()) {
      command.getOut().println(JSON.std.asString(refusal.document()));
      command.getOut().flush();
    }
    return refusal.exit().number();
  }
}
