package dev.outpost.cli.agents;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.cli.agents.PinnedPrograms.NpmPackage;
import dev.outpost.cli.shell.ExitCode;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.edge.CatalogueFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Installs agents' programs in the pinned versions. */
@Command(
    name = "install",
    description =
        "Installs the agents' own programs by npm, in the versions that Outpost is tested with.",
    footer = {
      "",
      "What is there already is left alone, so it may be run again at any time. npm asks the",
      "registry that it is configured for. Where the machine's Node.js is too old for a program, one",
      "is installed beside it, for these programs alone."
    })
final class InstallCommand implements Callable<Integer> {
  /** npm is mostly waiting for the network; more at once only make each slower. */
  private static final int AT_ONCE = 3;

  private final Shell shell;

  @Mixin private DirectoryOptions options;

  @Parameters(
      arity = "0..*",
      paramLabel = "AGENT",
      description = "Which agents. Default: all that npm has.")
  private List<String> asked = new ArrayList<>();

  InstallCommand(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PinnedPrograms pinned = PinnedPrograms.packaged();
    Catalogue catalogue = CatalogueFile.packaged();
    List<Agent> agents =
        asked.isEmpty() ? installable(catalogue, pinned) : chosen(catalogue, pinned);
    AgentsDirectory directory = options.directory(shell);
    Files.createDirectories(directory.path());
    Map<String, String> environment = shell.environment();
    Installation installation = new Installation(directory, environment);
    Optional<String> node = node(pinned.node(), installation);
    if (node.isEmpty()) {
      return ExitCode.BROKEN.number();
    }
    int failed = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Boolean>> under = new ArrayList<>();
      for (Agent agent : agents) {
        NpmPackage wanted = pinned.npm(agent.id()).orElseThrow();
        String program = agent.command().getFirst();
        under.add(
            threads.submit(() -> tell(wanted, installation.install(wanted, program, node.get()))));
      }
      for (Future<Boolean> one : under) {
        failed += succeeded(one) ? 0 : 1;
      }
    }
    if (failed > 0) {
      return ExitCode.BROKEN.number();
    }
    shell.printer().println("The programs are in " + directory.programs());
    return ExitCode.OK.number();
  }

  private static List<Agent> installable(Catalogue catalogue, PinnedPrograms pinned) {
    return catalogue.agents().stream().filter(agent -> pinned.npm(agent.id()).isPresent()).toList();
  }

  private List<Agent> chosen(Catalogue catalogue, PinnedPrograms pinned) {
    List<Agent> agents = new ArrayList<>();
    for (String id : asked.stream().distinct().toList()) {
      Agent agent =
          catalogue
              .find(id)
              .orElseThrow(
                  () ->
                      Refusal.usage(
                          "there is no agent "
                              + id
                              + "; there are "
                              + String.join(", ", catalogue.ids())));
      if (pinned.npm(id).isEmpty()) {
        throw Refusal.usage(
            "npm does not have the program of " + id + "; see docs/agents.md for how to get it");
      }
      agents.add(agent);
    }
    return agents;
  }

  /** The Node.js for programs that need one: the machine's, or else one that is installed first. */
  private Optional<String> node(NpmPackage wanted, Installation installation)
      throws IOException, InterruptedException {
    Optional<String> ofMachine = Node.ofMachine(wanted, shell.environment());
    if (ofMachine.isPresent()) {
      return ofMachine;
    }
    return tell(wanted, installation.installNode(wanted))
        ? Optional.of(installation.node(wanted).toString())
        : Optional.empty();
  }

  private synchronized boolean tell(NpmPackage wanted, Installation.Result result) {
    String name = wanted.agent() + " " + wanted.version();
    return switch (result) {
      case Installation.Result.Present _ -> {
        shell.printer().println(name + " is there");
        yield true;
      }
      case Installation.Result.Installed _ -> {
        shell.printer().println(name + " installed");
        yield true;
      }
      case Installation.Result.Failed(String sentence, List<String> details) -> {
        shell.complaints().println("outpost: " + name + ": " + sentence);
        details.forEach(line -> shell.complaints().println("  " + line));
        yield false;
      }
    };
  }

  private static boolean succeeded(Future<Boolean> one) throws IOException, InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
