package dev.outpost.machine;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a crash campaign on the one-machine runtime. */
@Command(
    name = "crash",
    description =
        "Kills a machine of its own, its runners and agents again and again, and looks whether all"
            + " that was accepted came to a true end.",
    footer = {
      "",
      "It runs on a temporary folder and a free port; whatever else runs here is left alone. Exit",
      "code 0 means that nothing was violated. Needs Linux: it finds processes in /proc."
    })
public final class Crash implements Callable<Integer> {
  private static final int MOST_MINUTES = 24 * 60;
  private static final int MOST_CLIENTS = 64;

  private final Shell shell;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "Deal blows for that long, 1 to " + MOST_MINUTES + " (default 2).")
  private Optional<Integer> minutes = Optional.empty();

  @Option(names = "--rounds", paramLabel = "N", description = "Deal that many blows instead.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "What the plan is drawn from (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--load",
      paramLabel = "N",
      defaultValue = "6",
      description =
          "How many clients dispatch at the same time, 1 to "
              + MOST_CLIENTS
              + " (default ${DEFAULT-VALUE}).")
  private int load;

  /** The command in that shell. */
  public Crash(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() throws Exception {
    if (minutes.isPresent() && rounds.isPresent()) {
      throw Refusal.usage("--minutes and --rounds exclude each other");
    }
    if (minutes.isPresent() && (minutes.get() < 1 || minutes.get() > MOST_MINUTES)) {
      throw Refusal.usage("--minutes must be 1 to " + MOST_MINUTES);
    }
    if (rounds.isPresent() && rounds.get() < 1) {
      throw Refusal.usage("--rounds must be at least 1");
    }
    if (load < 1 || load > MOST_CLIENTS) {
      throw Refusal.usage("--load must be 1 to " + MOST_CLIENTS);
    }
    if (!ProcessTable.isLinux()) {
      throw Refusal.local("a crash campaign needs Linux: it finds processes in /proc");
    }
    Path folder = Files.createTempDirectory("outpost-crash");
    Thread end = new Thread(() -> endAll(folder), "end");
    Runtime.getRuntime().addShutdownHook(end);
    long begin = System.nanoTime();
    CrashCampaign.Findings findings =
        new CrashCampaign(folder, seed, load, line -> shell.complaints().println(line))
            .run(goesOn());
    boolean _ = Runtime.getRuntime().removeShutdownHook(end);
    print(findings, Duration.ofNanos(System.nanoTime() - begin));
    if (findings.violations().isEmpty()) {
      DirectoryRemoval.remove(folder);
      return 0;
    }
    shell.complaints().println("Everything is left in " + folder);
    return 1;
  }

  /** After Ctrl-C nobody would take up again what was left: it ends with the campaign. */
  private static void endAll(Path folder) {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      TaskTree.endAll(CrashCampaign.data(folder));
    } catch (IOException _) {
      // The system tells of no processes; then there is nothing that could be ended.
    }
  }

  private BooleanSupplier goesOn() {
    if (rounds.isPresent()) {
      return new Count(rounds.get());
    }
    long until = System.nanoTime() + Duration.ofMinutes(minutes.orElse(2)).toNanos();
    return () -> System.nanoTime() < until;
  }

  /** Is true that many times. */
  static final class Count implements BooleanSupplier {
    private final AtomicInteger left;

    Count(int times) {
      this.left = new AtomicInteger(times);
    }

    @Override
    public boolean getAsBoolean() {
      return left.getAndDecrement() > 0;
    }
  }

  private void print(CrashCampaign.Findings findings, Duration took) {
    PrintWriter out = shell.printer();
    Table kills = new Table("KILLED", "TIMES");
    findings.blows().forEach((blow, times) -> kills.add(blow.words(), String.valueOf(times)));
    kills.lines(Integer.MAX_VALUE).forEach(out::println);
    out.println();
    Table ends = new Table("ENDED AS", "DISPATCHES");
    findings.ends().forEach((end, times) -> ends.add(end, String.valueOf(times)));
    ends.lines(Integer.MAX_VALUE).forEach(out::println);
    out.println();
    Table summary = new Table("SUMMARY", "");
    int rounds = findings.blows().values().stream().mapToInt(Integer::intValue).sum();
    summary.add("seed", String.valueOf(seed));
    summary.add("rounds", String.valueOf(rounds + findings.missed()));
    summary.add("that hit nothing", String.valueOf(findings.missed()));
    summary.add("accepted", String.valueOf(findings.accepted()));
    summary.add("seconds", String.valueOf(took.toSeconds()));
    summary.add("violated", String.valueOf(findings.violations().size()));
    summary.lines(Integer.MAX_VALUE).forEach(out::println);
    findings.violations().forEach(line -> out.println("VIOLATED " + line));
  }
}
