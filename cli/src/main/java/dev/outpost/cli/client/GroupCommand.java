package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what several agents made of one task. */
@Command(
    name = "group",
    description = "Compares the dispatches of a group side by side, or cancels them.")
public final class GroupCommand extends ApiCommand {
  @Option(names = "--cancel", description = "Cancel all of it that has not ended.")
  private boolean cancel;

  @Parameters(paramLabel = "ID", description = "The group's id.")
  private String id = "";

  /** The command in that shell. */
  public GroupCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Api api = api();
    Map<String, Object> group =
        cancel ? api.delete("/groups/" + Api.encode(id), Map.of()) : Comparison.read(api, id);
    if (json()) {
      shell().printer().println(Json.print(group));
    } else if (cancel) {
      for (Map<String, Object> member : Comparison.members(group)) {
        Seen seen = new Seen(member);
        String said = seen.text("message").map(message -> ": " + message).orElse("");
        shell().printer().println(seen.id() + " " + seen.status() + said);
      }
    } else {
      new Comparison(shell()).print(group);
    }
    return ExitCode.OK.number();
  }
}
