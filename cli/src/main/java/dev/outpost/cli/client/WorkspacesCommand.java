package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Everything about a tenant's persistent workspaces. */
@Command(
    name = "workspaces",
    description = "Lists, shows and deletes what is kept of work trees between dispatches.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A workspace is made by the first `dispatch --workspace NAME`; the next one of that name and",
      "repository finds its changes and its ignored files (caches, builds) where that left them."
    })
public final class WorkspacesCommand implements Runnable {
  private WorkspacesCommand() {}

  /** The command with its own commands, in that shell. */
  public static CommandLine line(Shell shell) {
    return new CommandLine(new WorkspacesCommand())
        .addSubcommand("list", new All(shell))
        .addSubcommand("show", new Show(shell))
        .addSubcommand("delete", new Delete(shell));
  }

  @Override
  public void run() {
    throw Refusal.usage("workspaces needs a command: list, show or delete");
  }

  private static Table table(List<Map<String, Object>> workspaces) {
    Table table = new Table("WORKSPACE", "NAME", "REPOSITORY", "BYTES", "LAST USED", "IN USE BY");
    for (Map<String, Object> workspace : workspaces) {
      table.add(
          Json.text(workspace, "workspaceId").orElse("?"),
          Json.text(workspace, "name").orElse("?"),
          Json.text(workspace, "repository").orElse("?"),
          workspace.get("sizeBytes") instanceof Number size ? size.toString() : "?",
          Json.text(workspace, "lastUsedAt").orElse("?"),
          Json.text(workspace, "inUseBy").orElse("-"));
    }
    return table;
  }

  private static String lines(List<Map<String, Object>> workspaces) {
    return String.join(System.lineSeparator(), table(workspaces).lines(Integer.MAX_VALUE));
  }

  @Command(name = "list", description = "Lists your workspaces.")
  private static final class All extends ApiCommand {
    All(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().get("/workspaces", Map.of());
      return tell(answer, lines(Json.maps(answer.get("workspaces"))));
    }
  }

  @Command(name = "show", description = "Shows one workspace.")
  private static final class Show extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Its id, wsp_…")
    private String id = "";

    Show(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().get("/workspaces/" + Api.encode(id), Map.of());
      return tell(answer, lines(List.of(answer)));
    }
  }

  @Command(name = "delete", description = "Deletes a workspace that nobody works in.")
  private static final class Delete extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "Its id, wsp_…")
    private String id = "";

    Delete(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(api().delete("/workspaces/" + Api.encode(id), Map.of()), "deleted " + id);
    }
  }
}
