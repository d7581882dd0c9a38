package dev.outpost.cli.client;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      split = ",",
      paramLabel = "AGENT",
      description = {
        "Which agent: claude, codex, gemini, aider, grok, script, or one of yours; several,",
        "with commas between, get the same task each and are compared at the end. With",
        "--parent it may be left out."
      })
  private List<String> agents = new ArrayList<>();

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
      split = ",",
      description = "A model of the agent other than its first; AGENT=MODEL for one of several.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--fallback",
      split = ",",
      paramLabel = "AGENT",
      description = "Who is to try it, in this order, when an agent fails in a retryable way.")
  private List<String> fallback = new ArrayList<>();

  @Option(
      names = "--parent",
      paramLabel = "ID",
      description = "An earlier dispatch to continue: on its changes, where it worked.")
  private Optional<String> parent = Optional.empty();

  @Option(
      names = "--output-schema",
      paramLabel = "FILE",
      description = "A JSON Schema: the result comes back as data that is valid against it.")
  private Optional<Path> outputSchema = Optional.empty();

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
      names = "--workspace",
      paramLabel = "NAME",
      description = "Work in the persistent workspace of that name, of this repository.")
  private Optional<String> workspace = Optional.empty();

  @Option(
      names = "--workspace-busy",
      paramLabel = "WHAT",
      description = "What if another dispatch works in it: wait (as usual) or reject.")
  private Optional<String> workspaceBusy = Optional.empty();

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
    Map<String, Object> accepted =
        api.post("/dispatch", body, idempotencyKey.orElseGet(() -> "cli-" + UUID.randomUUID()));
    boolean follows = wait.orElse(shell.terminal().out());
    Optional<String> group = Json.text(accepted, "groupId");
    if (!json) {
      shell.printer().println(group.orElseGet(() -> new Seen(accepted).id()));
    }
    if (!follows) {
      if (json) {
        shell.printer().println(Json.print(accepted));
      }
      return ExitCode.OK.number();
    }
    return (group.isPresent()
            ? followAll(api, group.get(), accepted)
            : follow(api, new Seen(accepted).id()))
        .number();
  }

  private ExitCode follow(Api api, String id) {
    Seen ended = new Follow(api, shell).untilLast(id);
    if (json) {
      shell.printer().println(Json.print(ended.json()));
    } else {
      new Report(shell).end(ended);
    }
    return ended.exit();
  }

  /** Each until its end, then all side by side; a success where one of them is. */
  private ExitCode followAll(Api api, String group, Map<String, Object> accepted) {
    ExitCode exit = ExitCode.FAILED;
    for (Map<String, Object> member : Comparison.members(accepted)) {
      ExitCode one = new Follow(api, shell).untilEnd(new Seen(member).id()).exit();
      exit = exit == ExitCode.OK ? exit : one;
    }
    Map<String, Object> compared = Comparison.read(api, group);
    if (json) {
      shell.printer().println(Json.print(compared));
    } else {
      new Comparison(shell).print(compared);
    }
    return exit;
  }

  private Map<String, Object> schema(Path file) {
    try {
      return JSON.std.mapFrom(Files.readString(shell.resolve(file)));
    } catch (IOException e) {
      throw Refusal.usage(
          "no JSON Schema can be read from " + file, "wanted: a file with a JSON object");
    }
  }

  /** One agent's model is a word; of several, each has its own. */
  private Object model() {
    if (agents.size() <= 1 && models.size() == 1) {
      return models.getFirst();
    }
    Map<String, String> byAgent = new LinkedHashMap<>();
    for (String model : models) {
      int is = model.indexOf('=');
      if (is < 1) {
        throw Refusal.usage(
            "--model " + model + " leaves open whose model it is", "wanted: AGENT=MODEL");
      }
      byAgent.put(model.substring(0, is), model.substring(is + 1));
    }
    return byAgent;
  }

  private Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    if (agents.isEmpty() && parent.isEmpty()) {
      throw Refusal.usage(
          "Missing required option: '--agent=AGENT'", "see: outpost dispatch --help");
    }
    if (!agents.isEmpty()) {
      body.put("agent", agents.size() == 1 ? agents.getFirst() : agents);
    }
    body.put("task", TaskText.of(task, shell));
    repo.ifPresent(value -> body.put("repo", Repository.of(value, shell)));
    branch.ifPresent(value -> body.put("branch", value));
    if (!models.isEmpty()) {
      body.put("modelId", model());
    }
    timeout.ifPresent(value -> body.put("timeoutSeconds", value));
    context.ifPresent(value -> body.put("context", value));
    init.ifPresent(value -> body.put("workspaceInitMode", value));
    workspace.ifPresent(
        name -> {
          body.put("workspaceMode", "persistent");
          body.put("workspaceName", name);
        });
    workspaceBusy.ifPresent(value -> body.put("workspaceBusy", value));
    if (!secrets.isEmpty()) {
      body.put("additionalSecrets", secrets);
    }
    outputSchema.ifPresent(file -> body.put("outputSchema", schema(file)));
    parent.ifPresent(value -> body.put("parentId", value));
    if (!fallback.isEmpty()) {
      body.put("fallback", fallback);
    }
    if (!tags.isEmpty()) {
      body.put("tags", tags);
    }
    return body;
  }
}
