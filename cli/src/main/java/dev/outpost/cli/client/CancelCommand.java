package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a dispatch to stop. */
@Command(name = "cancel", description = "Cancels a dispatch that has not ended.")
public final class CancelCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; it is kept with the dispatch.")
  private Optional<String> reason = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public CancelCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Map<String, Object> body =
        reason.<Map<String, Object>>map(r -> Map.of("reason", r)).orElse(Map.of());
    Seen seen = new Seen(connection.api(shell).delete("/dispatch/" + Api.encode(id), body));
    if (json) {
      shell.printer().println(Json.print(seen.json()));
    } else {
      String said = seen.text("message").map(message -> ": " + message).orElse("");
      shell.printer().println(seen.id() + " " + seen.status() + said);
    }
    return ExitCode.OK.number();
  }
}
