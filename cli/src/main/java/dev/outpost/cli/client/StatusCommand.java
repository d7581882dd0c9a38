package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
public final class StatusCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--wait", description = "Follow it until it has ended.")
  private boolean wait;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public StatusCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Api api = connection.api(shell);
    Seen seen = wait ? new Follow(api, shell).untilEnd(id) : Follow.read(api, id, Duration.ZERO);
    if (json) {
      shell.printer().println(Json.print(seen.json()));
    } else {
      new Report(shell).whole(seen);
    }
    return (wait ? seen.exit() : ExitCode.OK).number();
  }
}
