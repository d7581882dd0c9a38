package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what several agents made of one task. */
@Command(
    name = "group",
    description = "Compares the dispatches of a group side by side, or cancels them.")
public final class GroupCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--cancel", description = "Cancel all of it that has not ended.")
  private boolean cancel;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(paramLabel = "ID", description = "The group's id.")
  private String id = "";

  /** The command in that shell. */
  public GroupCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Api api = connection.api(shell);
    Map<String, Object> group =
        cancel ? api.delete("/groups/" + Api.encode(id), Map.of()) : Comparison.read(api, id);
    if (json) {
      shell.printer().println(Json.print(group));
    } else if (cancel) {
      for (Map<String, Object> member : Comparison.members(group)) {
        Seen seen = new Seen(member);
        String said = seen.text("message").map(message -> ": " + message).orElse("");
        shell.printer().println(seen.id() + " " + seen.status() + said);
      }
    } else {
      new Comparison(shell).print(group);
    }
    return ExitCode.OK.number();
  }
}
