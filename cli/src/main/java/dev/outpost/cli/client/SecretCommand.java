package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Everything about a tenant's own secrets. */
@Command(
    name = "secret",
    description = "Keeps, lists and deletes your own secrets: keys to models, GIT_TOKEN, and more.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A secret with the name of an agent's credential is used in place of the installation's;",
      "GIT_TOKEN opens your repositories; any other is given to an agent by `dispatch --secret`.",
      "A value is read from standard input and shown by nobody again."
    })
public final class SecretCommand implements Runnable {
  private SecretCommand() {}

  /** The command with its own commands, in that shell. */
  public static CommandLine line(Shell shell) {
    return new CommandLine(new SecretCommand())
        .addSubcommand("set", new Put(shell))
        .addSubcommand("list", new All(shell))
        .addSubcommand("delete", new Delete(shell));
  }

  @Override
  public void run() {
    throw Refusal.usage("secret needs a command: set, list or delete");
  }

  @Command(name = "set", description = "Keeps a secret; its value is read from standard input.")
  private static final class Put extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Its name, such as ANTHROPIC_API_KEY.")
    private String name = "";

    Put(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      // An editor or echo puts an end of line behind it, which is no part of a secret.
      String value = TaskText.of("-", shell()).stripTrailing();
      if (value.isEmpty()) {
        throw Refusal.usage(
            "standard input is empty: the value is read from there",
            "for example: outpost secret set " + name + " < file");
      }
      return tell(
          api().put("/secrets/" + Api.encode(name), Map.of("value", value)), "kept " + name);
    }
  }

  @Command(name = "list", description = "Lists the names; no value is ever shown.")
  private static final class All extends ApiCommand {
    All(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().get("/secrets", Map.of());
      Table table = new Table("NAME", "SET");
      for (Map<String, Object> secret : Json.maps(answer.get("secrets"))) {
        table.add(
            Json.text(secret, "name").orElse("?"), Json.text(secret, "updatedAt").orElse("?"));
      }
      return tell(answer, String.join(System.lineSeparator(), table.lines(Integer.MAX_VALUE)));
    }
  }

  @Command(name = "delete", description = "Deletes a secret.")
  private static final class Delete extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    Delete(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(api().delete("/secrets/" + Api.encode(name), Map.of()), "deleted " + name);
    }
  }
}
