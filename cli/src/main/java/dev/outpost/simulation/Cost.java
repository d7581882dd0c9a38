package dev.outpost.simulation;

import dev.outpost.agent.Catalogue;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.Table;
import dev.outpost.edge.CatalogueFile;
import dev.outpost.functions.runner.RunnerFunction;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Counts what one dispatch costs in AWS. */
@Command(
    name = "cost",
    description = "Counts what AWS bills for one dispatch's whole life.",
    footer = {
      "",
      "The real handlers on the real adapters, each call counted on its way to a model of AWS, times",
      "list prices. Nothing shares a batch: under load it is less. Takes about a minute."
    })
public final class Cost implements Callable<Integer> {
  private static final double ROUNDS_A_MONTH = 730 * 60;

  private final Shell shell;

  /** The command in that shell. */
  public Cost(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public Integer call() {
    System.setProperty("log4j2.configurationFile", "log4j2-silent.xml");
    Catalogue catalogue = CatalogueFile.packaged();
    Map<Path, Bill> life = Bill.of(catalogue, Life::typical);
    Bill whole = Bill.sum(life.values());
    print(byWhat(whole));
    print(byPath(life));
    print(beside(catalogue));
    shell
        .printer()
        .println(
            "Prices: us-east-1, on demand, no free tier, as of "
                + Billed.AS_OF
                + ". A runner reports every "
                + RunnerFunction.REPORT_EVERY.toSeconds()
                + " s of a run of "
                + Life.RUN.toSeconds()
                + " s.");
    return 0;
  }

  private void print(Table table) {
    table.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
    shell.printer().println();
  }

  private static Table byWhat(Bill bill) {
    Table table = new Table("ONE DISPATCH", "AMOUNT", "LIST PRICE", "$ PER MILLION");
    for (Billed what : Billed.values()) {
      table.add(
          what.title(),
          amount(bill.amount(what)),
          String.valueOf(what.perMillion()),
          dollars(bill, what));
    }
    table.add("control plane", "", "", dollars(bill.controlPlane()));
    table.add(
        "- without traces", "", "", dollars(bill.controlPlane() - bill.dollars(Billed.TRACE)));
    table.add("artifacts in S3", "", "", dollars(bill.storage()));
    table.add("all", "", "", dollars(bill.controlPlane() + bill.storage()));
    return table;
  }

  private static Table byPath(Map<Path, Bill> life) {
    Table table = new Table("BY PATH", "TIMES", "WRITE UNITS", "READ UNITS", "$ PER MILLION");
    life.forEach(
        (path, bill) ->
            table.add(
                path.title(),
                amount(bill.amount(Billed.LAMBDA_REQUEST) / invocations(path)),
                amount(bill.amount(Billed.DYNAMODB_WRITE)),
                amount(bill.amount(Billed.DYNAMODB_READ)),
                dollars(bill.controlPlane() + bill.storage())));
    return table;
  }

  /** How many functions one passage of a path invokes: behind a key the authoriser is one. */
  private static int invocations(Path path) {
    return switch (path) {
      case ADMIT, ADMIT_WORKSPACE, READ, LIST, CANCEL, ARTIFACTS, REFUSED, REFUSED_KEYED, BUSY -> 2;
      default -> 1;
    };
  }

  private static Table beside(Catalogue catalogue) {
    Table table = new Table("EACH TIME BESIDE THAT", "$ PER MILLION");
    table.add(
        "a look at a dispatch",
        dollars(of(catalogue, Path.READ, life -> life.read(life.dispatch()))));
    table.add(
        "a long poll of 20 s",
        dollars(
            of(
                catalogue,
                Path.READ,
                life ->
                    life.http(
                        Path.READ,
                        "GET",
                        "/dispatch/" + life.dispatch(),
                        Optional.empty(),
                        Map.of("waitSeconds", "20")))));
    table.add("a list", dollars(of(catalogue, Path.LIST, Life::list)));
    table.add("a dispatch that is refused", dollars(of(catalogue, Path.REFUSED, Life::refused)));
    table.add(
        "a claim of a tenant with secrets, in place of the other",
        dollars(
            of(
                catalogue,
                Path.CLAIM_SECRETS,
                life -> {
                  life.dispatch();
                  life.launch(Path.LAUNCH);
                  life.claimWithSecrets();
                })));
    Map<Path, Bill> listening =
        Bill.of(
            catalogue,
            life -> {
              life.listen();
              life.dispatch();
              life.launch(Path.LAUNCH);
              life.claim();
              life.deliver();
            });
    Map<Path, Bill> silent =
        Bill.of(
            catalogue,
            life -> {
              life.dispatch();
              life.launch(Path.LAUNCH);
              life.claim();
            });
    table.add(
        "a change that a webhook is told, at the first attempt",
        dollars(
            listening.get(Path.DELIVERED).controlPlane()
                + listening.get(Path.RELAY_WEBHOOK).controlPlane()
                - silent.get(Path.RELAY_TOLD).controlPlane()));
    Bill round =
        Bill.of(catalogue, life -> life.reconcile(Path.RECONCILE_IDLE)).get(Path.RECONCILE_IDLE);
    table.add(
        "a month of the reconciler, in dollars",
        dollars(round.controlPlane() * ROUNDS_A_MONTH / 1e6));
    return table;
  }

  private static double of(Catalogue catalogue, Path path, Bill.Deeds deeds) {
    return Bill.of(catalogue, deeds).get(path).controlPlane();
  }

  private static String amount(double number) {
    return number == Math.rint(number)
        ? String.valueOf((long) number)
        : String.format(Locale.ROOT, "%.2f", number);
  }

  private static String dollars(Bill bill, Billed what) {
    return dollars(bill.dollars(what));
  }

  private static String dollars(double number) {
    return String.format(Locale.ROOT, "%.2f", number);
  }
}
