package dev.outpost.cli.client;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything about a tenant's webhooks. */
@Command(
    name = "webhooks",
    description = "Has you told by HTTP when your dispatches take another status.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "What is sent is signed as Standard Webhooks asks. The secret that signs it is shown by `add`",
      "and by `rotate`, and by nobody again."
    })
public final class WebhooksCommand implements Runnable {
  private WebhooksCommand() {}

  /** The command with its own commands, in that shell. */
  public static CommandLine line(Shell shell) {
    return new CommandLine(new WebhooksCommand())
        .addSubcommand("add", new Add(shell))
        .addSubcommand("list", new All(shell))
        .addSubcommand("remove", new Remove(shell))
        .addSubcommand("rotate", new Rotate(shell))
        .addSubcommand("enable", new Enable(shell))
        .addSubcommand("deliveries", new Deliveries(shell))
        .addSubcommand("replay", new Replay(shell));
  }

  @Override
  public void run() {
    throw Refusal.usage(
        "webhooks needs a command: add, list, remove, rotate, enable, deliveries or replay");
  }

  private static String text(Map<String, Object> in, String name) {
    return Json.text(in, name).orElse("-");
  }

  private static String lines(Table table) {
    return String.join(System.lineSeparator(), table.lines(Integer.MAX_VALUE));
  }

  @Command(name = "add", description = "Registers a webhook, and shows the secret that signs.")
  private static final class Add extends ApiCommand {
    @Parameters(paramLabel = "URL", description = "Where you want to be told: https://host/path.")
    private String url = "";

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        split = ",",
        description = "Of what; may be given several times (default: how dispatches end).")
    private List<String> statuses = new ArrayList<>();

    Add(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("url", url);
      if (!statuses.isEmpty()) {
        body.put("statuses", statuses);
      }
      Map<String, Object> answer = api().post("/webhooks", body);
      return tell(
          answer,
          "webhook  "
              + text(answer, "webhookId")
              + System.lineSeparator()
              + "secret   "
              + text(answer, "secret"));
    }
  }

  @Command(name = "list", description = "Lists your webhooks.")
  private static final class All extends ApiCommand {
    All(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().get("/webhooks", Map.of());
      Table table = new Table("WEBHOOK", "TOLD", "OF", "CREATED", "URL");
      for (Map<String, Object> webhook : Json.maps(answer.get("webhooks"))) {
        table.add(
            text(webhook, "webhookId"),
            Boolean.TRUE.equals(webhook.get("enabled")) ? "yes" : "no",
            statuses(webhook),
            text(webhook, "createdAt"),
            text(webhook, "url"));
      }
      return tell(answer, lines(table));
    }

    private static String statuses(Map<String, Object> webhook) {
      return webhook.get("statuses") instanceof List<?> statuses
          ? String.join(",", statuses.stream().map(String::valueOf).toList())
          : "-";
    }
  }

  /** A command about one webhook. */
  private abstract static class OnOne extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The webhook's id, whk_…")
    private String id = "";

    OnOne(Shell shell) {
      super(shell);
    }

    final String id() {
      return id;
    }

    final String path() {
      return "/webhooks/" + Api.encode(id);
    }
  }

  @Command(name = "remove", description = "Removes a webhook.")
  private static final class Remove extends OnOne {
    Remove(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(api().delete(path(), Map.of()), "removed " + id());
    }
  }

  @Command(
      name = "rotate",
      description = "Gives a webhook another secret; for a day the one before signs as well.")
  private static final class Rotate extends OnOne {
    Rotate(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Map<String, Object> answer = api().post(path() + "/rotate", Map.of());
      return tell(
          answer,
          "secret  "
              + text(answer, "secret")
              + System.lineSeparator()
              + "the one before signs as well until "
              + text(answer, "previousUntil"));
    }
  }

  @Command(name = "enable", description = "Has a webhook told again that was disabled.")
  private static final class Enable extends OnOne {
    Enable(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(api().post(path() + "/enable", Map.of()), "enabled " + id());
    }
  }

  @Command(name = "deliveries", description = "Lists what a webhook was told, newest first.")
  private static final class Deliveries extends OnOne {
    @Option(
        names = {"-n", "--limit"},
        paramLabel = "N",
        defaultValue = "20",
        description = "How many at most (default ${DEFAULT-VALUE}).")
    private int limit;

    Deliveries(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      Listing listing = Listing.read(api(), path() + "/deliveries", Map.of(), "deliveries", limit);
      if (listing.more() && !json()) {
        shell().complaints().println("there are more: --limit N");
      }
      return tell(Map.of("deliveries", listing.found()), lines(table(listing.found())));
    }

    private static Table table(List<Map<String, Object>> deliveries) {
      Table table =
          new Table("DELIVERY", "DISPATCH", "STATUS", "STATE", "ATTEMPT", "LAST", "NEXT ATTEMPT");
      for (Map<String, Object> delivery : deliveries) {
        table.add(
            text(delivery, "deliveryId"),
            text(delivery, "dispatchId"),
            text(delivery, "status"),
            text(delivery, "state"),
            text(delivery, "attempt"),
            Json.text(delivery, "lastStatus")
                .or(() -> Json.text(delivery, "lastError"))
                .orElse("-"),
            text(delivery, "nextAttemptAt"));
      }
      return table;
    }
  }

  @Command(name = "replay", description = "Tells a webhook once more what it was told.")
  private static final class Replay extends OnOne {
    @Parameters(index = "1", paramLabel = "DELIVERY", description = "The delivery's id, msg_…")
    private String delivery = "";

    Replay(Shell shell) {
      super(shell);
    }

    @Override
    public Integer call() {
      return tell(
          api().post(path() + "/replay", Map.of("deliveryId", delivery)),
          delivery + " is on its way again");
    }
  }
}
