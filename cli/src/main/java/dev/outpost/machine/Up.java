package dev.outpost.machine;

import dev.outpost.cli.admin.Administration;
import dev.outpost.cli.control.ControlServer;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.embedded.EmbeddedStore;
import dev.outpost.embedded.StoreInUse;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs Outpost on this machine, in the foreground. */
@Command(
    name = "up",
    description = "Runs Outpost on this machine until Ctrl-C.",
    footer = {
      "",
      "Everything is kept in the data folder: a restart loses nothing and resumes. It listens on the",
      "loopback interface only. Agents run as processes of yours, without a sandbox; they go on when",
      "it stops, and the next start on the same folder and port takes them up."
    })
public final class Up implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8787",
      description = "The port to listen on; 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder. Default: .outpost here, or else beside the outpost script.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--accept-only",
      hidden = true,
      description = "Accepts dispatches and launches none: for the benchmark.")
  private boolean acceptOnly;

  /** The command in that shell. */
  public Up(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() throws Exception {
    if (port < 0 || port > 65_535) {
      throw Refusal.usage("--port must be 0 to 65535");
    }
    DataDirectory folder = DataDirectory.open(shell.data(data));
    // Before the first function is made, and with it the first logger.
    System.setProperty("log4j2.configurationFile", "log4j2-machine.xml");
    System.setProperty("outpost.log", folder.log().toString());
    EmbeddedStore store = open(folder);
    EmbeddedBackend backend = new EmbeddedBackend(store, shell.clock());
    Machine machine;
    LocalCredentials credentials;
    ControlServer control;
    try {
      MachineConfig config = MachineConfig.usual(folder, port).heardBy(this::tell);
      machine = Machine.start(acceptOnly ? config.withoutLaunches() : config, backend, store);
      credentials = FirstStart.credentials(folder, backend, machine.url(), shell.clock());
      control =
          ControlServer.start(
              folder.path(),
              () ->
                  Administration.on(
                          () -> backend.administered(shell.clock()),
                          backend::deadLetters,
                          shell.clock(),
                          shell.random())
                      .commandLine());
    } catch (BindException e) {
      backend.close();
      throw Refusal.local("port " + port + " is taken; choose another one with --port");
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  int alive = machine.tasksAlive();
                  close(control);
                  machine.close();
                  if (alive > 0) {
                    shell
                        .printer()
                        .println(
                            alive
                                + " agents go on; start it again soon, on the same folder and port,"
                                + " to take them up.");
                  }
                  stopped.countDown();
                },
                "stop"));
    greet(folder, credentials);
    stopped.await();
    return 0;
  }

  private static EmbeddedStore open(DataDirectory folder) {
    try {
      return EmbeddedStore.open(folder.store());
    } catch (StoreInUse _) {
      throw Refusal.local(
          "another outpost is up on " + folder.path() + "; stop it or choose another --data");
    }
  }

  private static void close(ControlServer control) {
    try {
      control.close();
    } catch (IOException _) {
      // The process ends; a socket that is left behind is cleared away by the next start.
    }
  }

  private void greet(DataDirectory folder, LocalCredentials credentials) {
    PrintWriter out = shell.printer();
    out.println("Outpost is up at " + credentials.url());
    out.println();
    out.println("  tenant   " + credentials.tenantId());
    out.println("  API key  " + credentials.apiKey());
    out.println("  operator " + credentials.operatorKey());
    out.println("  also in  " + folder.credentialsFile());
    out.println();
    out.println("Dispatch a task:");
    out.println();
    out.println("  curl -s " + credentials.url() + "/dispatch \\");
    out.println("    -H 'X-API-Key: " + credentials.apiKey() + "' \\");
    out.println("    -H 'Content-Type: application/json' \\");
    out.println("    -d '{\"agent\":\"script\",\"task\":\"echo hello > hello.txt\"}'");
    out.println();
    out.println("or, with live progress and in a repository of yours:");
    out.println();
    out.println("  ./outpost dispatch --agent script --repo . \"echo hello > hello.txt\"");
    out.println();
    out.println("Ctrl-C stops it; nothing is lost.");
    out.println();
  }

  /** One line for each dispatch's new status. */
  private void tell(String event) {
    Map<?, ?> detail = (Map<?, ?>) Json.read(event).get("detail");
    Object cause = detail.get("cause");
    shell
        .printer()
        .println(
            detail.get("at")
                + "  "
                + detail.get("dispatchId")
                + "  "
                + detail.get("agent")
                + "  "
                + detail.get("status")
                + (cause == null ? "" : " (" + cause + ")"));
  }
}
