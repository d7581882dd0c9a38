package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a dispatch, now or when it has ended. */
@Command(
    name = "status",
    description = "Shows a dispatch.",
    footer = {
      "",
      "With --wait the exit code tells how the dispatch ended, without it only whether it",
      "could be read."
    })
public final class StatusCommand extends ApiCommand {
  @Option(names = "--wait", description = "Follow it until it has ended.")
  private boolean wait;

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public StatusCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Api api = api();
    Seen seen = wait ? new Follow(api, shell()).untilEnd(id) : Follow.read(api, id, Duration.ZERO);
    if (json()) {
      shell().printer().println(Json.print(seen.json()));
    } else {
      new Report(shell()).whole(seen);
    }
    return (wait ? seen.exit() : ExitCode.OK).number();
  }
}
