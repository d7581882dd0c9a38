package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many, 1 to 100 (default ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Go on where an earlier answer ended: its nextCursor.")
  private Optional<String> cursor = Optional.empty();

  /** The command in that shell. */
  public AuditCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", Integer.toString(limit));
    cursor.ifPresent(from -> query.put("cursor", from));
    Map<String, Object> answer = api().get("/audit", query);
    Table table = new Table("AT", "BY", "ACT", "ABOUT", "OUTCOME");
    for (Map<String, Object> line : Json.maps(answer.get("records"))) {
      table.add(
          Json.text(line, "at").orElse("-"),
          Json.text(line, "by").orElse("-"),
          Json.text(line, "act").orElse("-"),
          Json.text(line, "about").orElse("-"),
          Json.text(line, "outcome").orElse("-"));
    }
    Json.text(answer, "nextCursor")
        .filter(_ -> !json())
        .ifPresent(next -> shell().complaints().println("there is more: --cursor " + next));
    return tell(answer, String.join(System.lineSeparator(), table.lines(Integer.MAX_VALUE)));
  }
}
