package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Everything about the document that all of a tenant's agents are given. */
@Command(
    name = "context",
    description = "Shows, sets and deletes what all your agents are told before their task.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The document stands before each task, as far as the dispatch's --context has room for it. It",
      "is read from standard input, and is no place for a secret."
    })
public final class ContextCommand implements Runnable {
  private static final String PATH = "/context";

  private ContextCommand() {}

  /** The command with its own commands, in that shell. */
  public static CommandLine line(Shell shell) {
    return new CommandLine(new ContextCommand())
        .addSubcommand("get", new Get(shell))
        .addSubcommand("set", new Put(shell))
        .addSubcommand("delete", new Delete(shell));
  }

  @Override
  public void run() {
    throw Refusal.usage("context needs a command: get, set or delete");
  }

  @Command(name = "get", description = "Prints the document.")
  private static final class Get extends ApiCommand {
    Get(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().get(PATH, Map.of());
      return tell(answer, Json.text(answer, "text").orElse("").stripTrailing());
    }
  }

  @Command(name = "set", description = "Keeps a document; it is read from standard input.")
  private static final class Put extends ApiCommand {
    Put(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      String text = TaskText.of("-", shell());
      if (text.isBlank()) {
        throw Refusal.usage(
            "standard input is empty: the document is read from there",
            "for example: outpost context set < conventions.md");
      }
      Map<String, Object> answer = api().put(PATH, Map.of("text", text));
      return tell(answer, "kept " + Json.text(answer, "characters").orElse("all") + " characters");
    }
  }

  @Command(name = "delete", description = "Deletes the document.")
  private static final class Delete extends ApiCommand {
    Delete(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(api().delete(PATH, Map.of()), "deleted the document");
    }
  }
}
