package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a dispatch to stop. */
@Command(name = "cancel", description = "Cancels a dispatch that has not ended.")
public final class CancelCommand extends ApiCommand {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; it is kept with the dispatch.")
  private Optional<String> reason = Optional.empty();

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public CancelCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Map<String, Object> body =
        reason.<Map<String, Object>>map(r -> Map.of("reason", r)).orElse(Map.of());
    Seen seen = new Seen(api().delete("/dispatch/" + Api.encode(id), body));
    if (json()) {
      shell().printer().println(Json.print(seen.json()));
    } else {
      String said = seen.text("message").map(message -> ": " + message).orElse("");
      shell().printer().println(seen.id() + " " + seen.status() + said);
    }
    return ExitCode.OK.number();
  }
}
