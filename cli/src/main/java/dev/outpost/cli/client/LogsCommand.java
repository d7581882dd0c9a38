package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Terminal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what an agent printed. */
@Command(name = "logs", description = "Prints a dispatch's log.")
public final class LogsCommand extends ApiCommand {
  private static final int PAGE = 1000;
  private static final String WAIT_SECONDS = "2";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the dispatch has ended and all is printed.")
  private boolean follow;

  @Option(
      names = {"-t", "--timestamps"},
      description = "Print each line's time before it.")
  private boolean timestamps;

  @Parameters(paramLabel = "ID", description = "The dispatch's id.")
  private String id = "";

  /** The command in that shell. */
  public LogsCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    Api api = api();
    List<Map<String, Object>> kept = new ArrayList<>();
    PrintWriter out = shell().printer();
    long offset = 0;
    boolean caughtUp = false;
    while (true) {
      Seen seen = page(api, offset, caughtUp);
      List<Map<String, Object>> lines = Json.maps(seen.json().get("logs"));
      if (json()) {
        kept.addAll(lines);
      } else {
        lines.forEach(line -> out.println(text(line)));
      }
      offset = Math.max(offset + lines.size(), Json.number(seen.json(), "logOffset").orElse(0L));
      caughtUp = lines.isEmpty();
      if (out.checkError()) {
        // Whoever read it has left, like head(1).
        return ExitCode.OK.number();
      }
      // Ended and nothing more: lines may arrive until the end is seen, so the order matters.
      if (caughtUp && (seen.hasEnded() || !follow)) {
        if (json()) {
          out.println(Json.print(document(seen, kept, offset)));
        }
        return ExitCode.OK.number();
      }
    }
  }

  private Seen page(Api api, long offset, boolean waits) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("logOffset", Long.toString(offset));
    query.put("logLimit", Integer.toString(PAGE));
    if (waits) {
      query.put("waitSeconds", WAIT_SECONDS);
    }
    return new Seen(api.get("/dispatch/" + Api.encode(id), query));
  }

  private String text(Map<String, Object> line) {
    String message = Json.text(line, "message").orElse("");
    // To a file the line goes as it is; a terminal would obey what is in it.
    String shown = shell().terminal().out() ? Terminal.harmless(message) : message;
    return timestamps ? Json.text(line, "timestamp").orElse("-") + "  " + shown : shown;
  }

  private static Map<String, Object> document(
      Seen seen, List<Map<String, Object>> lines, long offset) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("dispatchId", seen.id());
    document.put("status", seen.status());
    document.put("logs", lines);
    document.put("logOffset", offset);
    return document;
  }
}
