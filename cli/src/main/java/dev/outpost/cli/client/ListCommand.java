package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Spans;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.cli.shell.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists a tenant's dispatches. */
@Command(name = "list", description = "Lists dispatches, newest first.")
public final class ListCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--status", paramLabel = "STATUS", description = "Only those of that status.")
  private Optional<String> status = Optional.empty();

  @Option(names = "--agent", paramLabel = "AGENT", description = "Only those of that agent.")
  private Optional<String> agent = Optional.empty();

  @Option(names = "--repo", paramLabel = "REPO", description = "Only those on that repository.")
  private Optional<String> repo = Optional.empty();

  @Option(names = "--tag", paramLabel = "K", description = "Only those with that tag.")
  private Optional<String> tag = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Only those accepted then or later: 2h, 7d, 2026-01-31, or an ISO instant.")
  private Optional<String> since = Optional.empty();

  @Option(names = "--until", paramLabel = "WHEN", description = "Only those accepted before then.")
  private Optional<String> until = Optional.empty();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many at most (default ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--all", description = "All there are.")
  private boolean all;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  /** The command in that shell. */
  public ListCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Listing listing =
        Listing.read(
            connection.api(shell),
            "/dispatch",
            filters(),
            "dispatches",
            all ? Integer.MAX_VALUE : limit);
    print(listing.found(), listing.more());
    return ExitCode.OK.number();
  }

  private Map<String, String> filters() {
    Map<String, String> filters = new LinkedHashMap<>();
    status.ifPresent(value -> filters.put("status", value));
    agent.ifPresent(value -> filters.put("agent", value));
    repo.ifPresent(value -> filters.put("repo", Repository.of(value, shell)));
    tag.ifPresent(value -> filters.put("tag", value));
    since.ifPresent(value -> filters.put("since", instant("--since", value)));
    until.ifPresent(value -> filters.put("until", instant("--until", value)));
    return filters;
  }

  private String instant(String option, String text) {
    return Spans.instant(text, shell.clock().instant())
        .orElseThrow(
            () ->
                Refusal.usage(
                    option + " " + text + " is no time",
                    "wanted: 30m, 2h, 7d, 2026-01-31 or 2026-01-31T12:00:00Z"))
        .toString();
  }

  private void print(List<Map<String, Object>> found, boolean more) {
    if (json) {
      shell.printer().println(Json.print(Map.of("dispatches", found)));
      return;
    }
    Instant now = shell.clock().instant();
    Table table = new Table("ID", "STATUS", "AGENT", "AGE", "TOOK", "REPO", "TAGS");
    for (Map<String, Object> one : found) {
      Seen seen = new Seen(one);
      table.add(
          seen.id(),
          seen.status(),
          seen.text("agent").orElse("-"),
          seen.instant("createdAt").map(at -> Spans.brief(Duration.between(at, now))).orElse("-"),
          seen.hasEnded() ? Spans.brief(seen.elapsed(now)) : "-",
          seen.text("repo").orElse("-"),
          tags(one));
    }
    int columns = shell.terminal().out() ? shell.terminal().columns() : Integer.MAX_VALUE;
    table.lines(columns).forEach(shell.printer()::println);
    if (more) {
      shell.complaints().println("there are more: --limit N or --all");
    }
  }

  private static String tags(Map<String, Object> one) {
    StringJoiner tags = new StringJoiner(",");
    Json.map(one, "tags").forEach((name, value) -> tags.add(name + "=" + value));
    return tags.length() == 0 ? "-" : tags.toString();
  }
}
