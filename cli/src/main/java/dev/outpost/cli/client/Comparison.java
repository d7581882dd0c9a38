package dev.outpost.cli.client;

import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Spans;
import dev.outpost.cli.shell.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A group, told to a person: a line for each of its dispatches. */
final class Comparison {
  private final Shell shell;

  Comparison(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  /** The group as the API shows it. */
  static Map<String, Object> read(Api api, String group) {
    return api.get("/groups/" + Api.encode(group), Map.of());
  }

  /** Its dispatches. */
  static List<Map<String, Object>> members(Map<String, Object> group) {
    return Json.maps(group.get("dispatches"));
  }

  /** All of it, on standard output. */
  void print(Map<String, Object> group) {
    Table table = new Table("ID", "STATUS", "AGENT", "TOOK", "COST", "PATCH", "FILES", "CAUSE");
    for (Map<String, Object> member : members(group)) {
      Seen seen = new Seen(member);
      table.add(
          seen.id(),
          seen.status(),
          seen.text("agent").orElse("-"),
          Json.number(member, "durationMs")
              .map(millis -> Spans.brief(Duration.ofMillis(millis)))
              .orElse("-"),
          Json.text(Json.map(member, "usage"), "costUsd").map(cost -> "$" + cost).orElse("-"),
          seen.text("patchBytes").map(bytes -> bytes + " B").orElse("-"),
          seen.text("filesChanged").orElse("-"),
          seen.text("cause").orElse("-"));
    }
    int columns = shell.terminal().out() ? shell.terminal().columns() : Integer.MAX_VALUE;
    table.lines(columns).forEach(shell.printer()::println);
    members(group).forEach(this::printFiles);
  }

  /** Which files it touched, as far as they are named. */
  private void printFiles(Map<String, Object> member) {
    if (!(member.get("files") instanceof List<?> files) || files.isEmpty()) {
      return;
    }
    long more = Json.number(member, "filesChanged").orElse(0L) - files.size();
    shell
        .printer()
        .println(
            new Seen(member).text("agent").orElse("-")
                + " touched "
                + files.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : ""));
  }
}
