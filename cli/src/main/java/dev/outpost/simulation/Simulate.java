package dev.outpost.simulation;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import dev.outpost.edge.CatalogueFile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the fault simulator. */
@Command(
    name = "simulate",
    description = "Runs Outpost against simulated AWS services on which all goes wrong.",
    footer = {
      "",
      "Each seed is one history in virtual time; the same seed is the same history. With --trace",
      "one seed's every step is told. Exits with 0 only when no promise was broken."
    })
public final class Simulate implements Callable<Integer> {
  /** For a log as well as for a terminal. */
  private static final int SECONDS_BETWEEN_TELLING = 10;

  private static final long A_SECOND = Duration.ofSeconds(1).toNanos();

  private final Shell shell;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many histories (default ${DEFAULT-VALUE}).")
  private long seeds;

  @Option(
      names = "--from",
      paramLabel = "S",
      defaultValue = "1",
      description = "The first one's seed (default ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Begin no further history after that time.")
  private Optional<Long> atMost = Optional.empty();

  /** Violated seeds that were told of, on the one thread that tells. */
  private final Set<Long> told = new HashSet<>();

  @Option(names = "--trace", description = "Tell every step of the history of --from alone.")
  private boolean trace;

  /** The command in that shell. */
  public Simulate(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() throws InterruptedException {
    if (seeds < 1) {
      throw Refusal.usage("--seeds must be at least 1");
    }
    // What functions log of a million faults is of no use to anybody.
    System.setProperty("log4j2.configurationFile", "log4j2-silent.xml");
    Campaign campaign = new Campaign(CatalogueFile.packaged());
    if (trace) {
      List<String> violations = replay(campaign);
      violations.forEach(line -> shell.printer().println("VIOLATED " + line));
      return violations.isEmpty() ? 0 : 1;
    }
    long begin = System.nanoTime();
    Campaign.Findings findings =
        campaign.run(
            from,
            seeds,
            atMost.map(Duration::ofSeconds).orElse(Duration.ofDays(365)),
            System::nanoTime,
            now -> progress(now, begin));
    print(findings, (System.nanoTime() - begin) / A_SECOND);
    boolean whole = atMost.isPresent() || findings.histories() == seeds;
    return whole && findings.violations().isEmpty() ? 0 : 1;
  }

  private List<String> replay(Campaign campaign) throws InterruptedException {
    // On a virtual thread, as in a campaign: the history's processes hand over to it much faster.
    Promise<List<String>> found = new Promise<>();
    Thread.ofVirtual()
        .start(() -> found.keep(campaign.replay(from, shell.printer()::println)))
        .join();
    return found.value().orElse(List.of("the history did not end"));
  }

  private void progress(Campaign.Findings now, long begin) {
    long seconds = Math.max(1, (System.nanoTime() - begin) / A_SECOND);
    if (seconds % SECONDS_BETWEEN_TELLING == 0) {
      shell
          .complaints()
          .println(
              now.histories()
                  + " of "
                  + seeds
                  + " histories, "
                  + now.histories() / seconds
                  + " a second, "
                  + now.violations().size()
                  + " violated");
    }
    now.violations().keySet().stream()
        .filter(told::add)
        .forEach(seed -> shell.complaints().println("VIOLATED seed " + seed));
    shell.complaints().flush();
  }

  private void print(Campaign.Findings findings, long seconds) {
    Table faults = new Table("FAULT", "HITS");
    findings
        .hits()
        .forEach((fault, hits) -> faults.add(fault.toLowerCase(Locale.ROOT), String.valueOf(hits)));
    faults.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
    Table summary = new Table("SUMMARY", "");
    summary.add("histories", String.valueOf(findings.histories()));
    summary.add("seeds", from + " to " + (from + findings.histories() - 1));
    summary.add("steps", String.valueOf(findings.steps()));
    summary.add("dispatches", String.valueOf(findings.dispatches()));
    summary.add("seconds", String.valueOf(seconds));
    String never =
        findings.hits().entrySet().stream()
            .filter(fault -> fault.getValue() == 0)
            .map(fault -> fault.getKey().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    summary.add("kinds never hit", never.isEmpty() ? "none" : never);
    summary.add("violated", String.valueOf(findings.violations().size()));
    shell.printer().println();
    summary.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
    findings
        .violations()
        .forEach((seed, what) -> shell.printer().println("VIOLATED seed " + seed + ": " + what));
  }
}
