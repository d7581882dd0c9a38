package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who asked for what in the tenant's name. */
@Command(
    name = "audit",
    description = "Shows who asked for what in your tenant's name, the newest first.",
    footer = {
      "",
      "An act is written down before it is done (asked) and again when it is known what came of it;",
      "a dispatch that was accepted has one line."
    })
public final class AuditCommand extends ApiCommand {
  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many at most (default ${DEFAULT-VALUE}).")
  private int limit;

  /** The command in that shell. */
  public AuditCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Listing listing = Listing.read(api(), "/audit", Map.of(), "records", limit);
    Table table = new Table("AT", "BY", "ACT", "ABOUT", "OUTCOME");
    for (Map<String, Object> line : listing.found()) {
      table.add(
          Json.text(line, "at").orElse("-"),
          Json.text(line, "by").orElse("-"),
          Json.text(line, "act").orElse("-"),
          Json.text(line, "about").orElse("-"),
          Json.text(line, "outcome").orElse("-"));
    }
    if (listing.more() && !json()) {
      shell().complaints().println("there are more: --limit N");
    }
    return tell(
        Map.of("records", listing.found()),
        String.join(System.lineSeparator(), table.lines(Integer.MAX_VALUE)));
  }
}
