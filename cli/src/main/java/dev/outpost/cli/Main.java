package dev.outpost.cli;

import dev.outpost.cli.admin.DeadLetters;
import dev.outpost.cli.admin.QueueName;
import dev.outpost.cli.admin.Relay;
import dev.outpost.cli.admin.Stages;
import dev.outpost.cli.agents.AgentsCommand;
import dev.outpost.cli.client.ArtifactsCommand;
import dev.outpost.cli.client.AuditCommand;
import dev.outpost.cli.client.CancelCommand;
import dev.outpost.cli.client.ContextCommand;
import dev.outpost.cli.client.DispatchCommand;
import dev.outpost.cli.client.GroupCommand;
import dev.outpost.cli.client.ListCommand;
import dev.outpost.cli.client.LogsCommand;
import dev.outpost.cli.client.SecretCommand;
import dev.outpost.cli.client.StatusCommand;
import dev.outpost.cli.client.WebhooksCommand;
import dev.outpost.cli.client.WorkspacesCommand;
import dev.outpost.cli.shell.Complaints;
import dev.outpost.cli.shell.Shell;
import dev.outpost.lambda.ColdBench;
import dev.outpost.machine.Bench;
import dev.outpost.machine.Crash;
import dev.outpost.machine.ScrubBench;
import dev.outpost.machine.Up;
import dev.outpost.simulation.Cost;
import dev.outpost.simulation.Simulate;
import dev.outpost.tenant.Tenants;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ScopeType;

/** Where every command begins. */
public final class Main {
  private static final Set<String> SERVERS = Set.of("up", "bench", "simulate", "crash");

  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    if (args.length > 0 && SERVERS.contains(args[0])) {
      System.exit(run(Shell.ofProcess(), args));
    }
    prepareClient();
    int exit = run(Shell.ofProcess(), args);
    System.out.flush();
    System.err.flush();
    // Runtime.exit asks for a logger, to log that it was called. A client has no shutdown hooks
    // that it would be needed for.
    Runtime.getRuntime().halt(exit);
  }

  /** Settings of the process for a command that lives for a moment. */
  static void prepareClient() {
    // The old HTTP client would send a POST again by itself; only with an idempotency key is that
    // harmless, and then we do it.
    System.setProperty("sun.net.http.retryPost", "false");
    // It also asks for a logger and gets Log4j, whose start takes longer than the command. Nobody
    // reads a client's log.
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.setProperty("slf4j.internal.verbosity", "WARN");
  }

  /** Runs the command in that shell and tells its exit code. */
  public static int run(Shell shell, String... args) {
    // Named only where it is needed: with it come the AWS SDK and its logging, half a second.
    return run(shell, new LazyStages(), args);
  }

  /** The same with those deployed stages. */
  static int run(Shell shell, Stages stages, String... args) {
    return commandLine(shell, stages, args)
        .execute(args.length == 0 ? new String[] {"help"} : args);
  }

  /**
   * The commands by name. To make one known takes one line; a command says with picocli's
   * annotations what it is, and gets the shell.
   */
  private static Map<String, Function<Shell, Object>> commands(Relay relay) {
    Map<String, Function<Shell, Object>> commands = new LinkedHashMap<>();
    commands.put("up", Up::new);
    commands.put(
        "bench",
        shell ->
            new CommandLine(new Bench(shell))
                .addSubcommand("cold", new ColdBench(shell))
                .addSubcommand("cost", new Cost(shell))
                .addSubcommand("scrub", new ScrubBench(shell)));
    commands.put("simulate", Simulate::new);
    commands.put("crash", Crash::new);
    commands.put("dispatch", DispatchCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("logs", LogsCommand::new);
    commands.put("cancel", CancelCommand::new);
    commands.put("list", ListCommand::new);
    commands.put("group", GroupCommand::new);
    commands.put("artifacts", ArtifactsCommand::new);
    commands.put("agents", AgentsCommand::line);
    commands.put("secret", SecretCommand::line);
    commands.put("workspaces", WorkspacesCommand::line);
    commands.put("webhooks", WebhooksCommand::line);
    commands.put("audit", AuditCommand::new);
    commands.put("context", ContextCommand::line);
    commands.put("tenant", _ -> relay.tenant());
    commands.put("key", _ -> relay.key());
    commands.put("redrive", _ -> relay.redrive());
    commands.put("version", VersionCommand::new);
    commands.put("help", _ -> new HelpCommand());
    return commands;
  }

  private static CommandLine commandLine(Shell shell, Stages stages, String... args) {
    Relay relay = new Relay(shell, stages);
    CommandLine line = new CommandLine(new Outpost());
    Map<String, Function<Shell, Object>> commands = commands(relay);
    // Reading the annotations of a command takes milliseconds; of all, a tenth of a second.
    Function<Shell, Object> typed = args.length == 0 ? null : commands.get(args[0]);
    if (typed != null && !args[0].equals("help")) {
      line.addSubcommand(args[0], typed.apply(shell));
    } else {
      commands.forEach((name, command) -> line.addSubcommand(name, command.apply(shell)));
    }
    line.setOut(shell.printer());
    line.setErr(shell.complaints());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(shell.terminal().color() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(Math.min(shell.terminal().columns(), 100));
    line.setExecutionStrategy(relay);
    return Complaints.toldBy(line, e -> AwsStages.refusal(e));
  }

  /** Makes no client before a command asks for one. */
  private static final class LazyStages implements Stages {
    @Override
    public Tenants tenants(String stage) {
      return AwsStages.ofEnvironment().tenants(stage);
    }

    @Override
    public DeadLetters deadLetters(String stage, QueueName queue) {
      return AwsStages.ofEnvironment().deadLetters(stage, queue);
    }
  }

  @Command(
      name = "outpost",
      mixinStandardHelpOptions = true,
      scope = ScopeType.INHERIT,
      versionProvider = VersionCommand.Provider.class,
      description = "Dispatches coding tasks to coding agents.",
      synopsisSubcommandLabel = "COMMAND",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done; the dispatch that was waited for succeeded",
        "1:the dispatch that was waited for failed",
        "2:the command line makes no sense",
        "3:the API refused the request",
        "4:nothing answers there",
        "5:the API or this machine failed",
        "69:there is no JDK 25",
        "70:the build failed",
        "124:the dispatch that was waited for ran out of time",
        "130:the dispatch that was waited for was cancelled, or Ctrl-C"
      })
  private static final class Outpost {}
}
