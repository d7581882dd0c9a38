package dev.outpost.cli.client;

import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a task to an agent, and stays with it when a person is watching. */
@Command(
    name = "dispatch",
    description = "Sends a task to an agent.",
    footer = {
      "",
      "On a terminal it then follows the dispatch until it has ended; Ctrl-C ends the",
      "following, not the dispatch. Elsewhere it prints the id and returns. --wait and",
      "--no-wait choose. Standard output gets the id (or the JSON) and nothing else."
    })
public final class DispatchCommand implements Callable<Integer>, SpeaksJson {
  private final Shell shell;

  @Mixin private ConnectionOptions connection;

  @Option(
      names = {"-a", "--agent"},
      required = true,
      paramLabel = "AGENT",
      description = "Which agent: claude, codex, gemini, aider, grok, script, or one of yours.")
  private String agent = "";

  @Option(
      names = {"-r", "--repo"},
      paramLabel = "REPO",
      description = "A folder with a git repository, owner/name, or a URL.")
  private Optional<String> repo = Optional.empty();

  @Option(
      names = {"-b", "--branch"},
      paramLabel = "BRANCH",
      description = "The branch to start from.")
  private Optional<String> branch = Optional.empty();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description = "A model of the agent other than its first.")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long it may take: 30 to what the tier allows.")
  private Optional<Integer> timeout = Optional.empty();

  @Option(
      names = "--tag",
      paramLabel = "K=V",
      description = "A tag to find it by; may be repeated.")
  private Map<String, String> tags = new LinkedHashMap<>();

  @Option(
      names = "--secret",
      paramLabel = "NAME",
      description = "One of your secrets that the agent is to have; may be repeated.")
  private List<String> secrets = new ArrayList<>();

  @Option(
      names = "--context",
      paramLabel = "LEVEL",
      description = "How much the agent is told: minimal, standard, full.")
  private Optional<String> context = Optional.empty();

  @Option(
      names = "--init",
      paramLabel = "MODE",
      description = "How the workspace is prepared: full, minimal, none.")
  private Optional<String> init = Optional.empty();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key never starts a second dispatch (default: a random one).")
  private Optional<String> idempotencyKey = Optional.empty();

  @Option(names = "--wait", negatable = true, description = "Follow it until it has ended, or not.")
  private Optional<Boolean> wait = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(
      paramLabel = "TASK",
      description = "What to do, in quotes; - reads it from standard input, @FILE from a file.")
  private String task = "";

  /** The command in that shell. */
  public DispatchCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() {
    Map<String, Object> body = body();
    Api api = connection.api(shell);
    Seen accepted =
        new Seen(
            api.post(
                "/dispatch", body, idempotencyKey.orElseGet(() -> "cli-" + UUID.randomUUID())));
    boolean follows = wait.orElse(shell.terminal().out());
    if (!json) {
      shell.printer().println(accepted.id());
    }
    if (!follows) {
      if (json) {
        shell.printer().println(Json.print(accepted.json()));
      }
      return ExitCode.OK.number();
    }
    Seen ended = new Follow(api, shell).untilEnd(accepted.id());
    if (json) {
      shell.printer().println(Json.print(ended.json()));
    } else {
      new Report(shell).end(ended);
    }
    return ended.exit().number();
  }

  private Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("agent", agent);
    body.put("task", TaskText.of(task, shell));
    repo.ifPresent(value -> body.put("repo", Repository.of(value, shell)));
    branch.ifPresent(value -> body.put("branch", value));
    model.ifPresent(value -> body.put("modelId", value));
    timeout.ifPresent(value -> body.put("timeoutSeconds", value));
    context.ifPresent(value -> body.put("context", value));
    init.ifPresent(value -> body.put("workspaceInitMode", value));
    if (!secrets.isEmpty()) {
      body.put("additionalSecrets", secrets);
    }
    if (!tags.isEmpty()) {
      body.put("tags", tags);
    }
    return body;
  }
}
