package dev.outpost.lambda;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.cli.shell.Table;
import dev.outpost.machine.DirectoryRemoval;
import dev.outpost.machine.HostData;
import dev.outpost.machine.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how fast the packaged functions start and answer. */
@Command(
    name = "cold",
    description = "Measures how fast the packaged functions start and answer.",
    footer = {
      "",
      "Each function runs as it is deployed, under AWS's runtime interface client, with a Runtime API",
      "and an AWS of fixed answers on loopback. Beside it, as a yardstick, the authoriser's job as a",
      "Node.js handler, where node and npm are on PATH. All of it takes about ten minutes on an idle",
      "machine of two cores."
    })
public final class ColdBench implements Callable<Integer>, SpeaksJson {
  /** Calls before warm ones are timed. */
  private static final int WARM_UP = 500;

  private static final String YARDSTICK = "Node.js yardstick";
  private static final String CPU = ", CPU";

  private final Shell shell;
  private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "10",
      description = "Starts of each kind, 1 to 100 (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--calls",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Warm calls of each function, 100 to 100000 (default ${DEFAULT-VALUE}).")
  private int calls;

  @Option(
      names = "--only",
      paramLabel = "FUNCTION",
      split = ",",
      description = "Some of: ${COMPLETION-CANDIDATES}.")
  private List<LambdaFunction> only = List.of(LambdaFunction.values());

  @Option(
      names = "--restored",
      description = "First calls after a restore and warm calls alone, which is much quicker.")
  private boolean restoredAlone;

  @Option(names = "--markdown", description = "Print the tables in Markdown.")
  private boolean markdown;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  /** The command in that shell. */
  public ColdBench(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() throws Exception {
    if (runs < 1 || runs > 100) {
      throw Refusal.usage("--runs must be 1 to 100");
    }
    if (calls < 100 || calls > 100_000) {
      throw Refusal.usage("--calls must be 100 to 100000");
    }
    Path root =
        shell
            .home()
            .orElseThrow(() -> Refusal.local("bench cold needs the packages of a source tree"));
    // Else the server holds small answers back for the client's acknowledgement, 40 ms long.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Map<String, String> host = HostData.now();
    Path folder = Files.createTempDirectory("outpost-bench-cold");
    try {
      measure(root, folder);
    } finally {
      DirectoryRemoval.remove(folder);
    }
    print(root, host);
    return 0;
  }

  private void measure(Path root, Path folder) throws IOException, InterruptedException {
    Optional<Yardstick> yardstick =
        Yardstick.install(root.resolve("cli/target/yardstick"), shell.environment());
    Map<LambdaFunction, AwsAnswers> aws = new EnumMap<>(LambdaFunction.class);
    try {
      for (LambdaFunction function : LambdaFunction.values()) {
        aws.put(function, AwsAnswers.start(new FixedAnswers(shell.clock().instant()).to(function)));
      }
      Starts starts = new Starts(root, folder, shell.clock());
      for (LambdaFunction function : only) {
        for (StartOptions options : starting()) {
          if (options.forImages()) {
            starts.record(function, options, aws.get(function));
          }
        }
      }
      // Interleaved, so that whatever else the machine does is spread over all of them.
      for (int run = 0; run < runs; run++) {
        boolean last = run == runs - 1;
        for (LambdaFunction function : only) {
          for (StartOptions options : starting()) {
            Starts.Cold cold = starts.cold(function, options, aws.get(function));
            note(function.name(), options.name(), cold.nanos());
            note(function.name(), options.name() + CPU, cold.cpuNanos());
          }
          for (StartOptions options : List.of(StartOptions.PLAIN, StartOptions.C1_ONLY)) {
            try (FunctionProcess process = starts.restored(function, options, aws.get(function))) {
              String event = function.event(root);
              note(function.name(), "restored, " + options.name(), nanos(process, event));
              if (last) {
                warm(function.name(), options.name(), process, event);
                process.peakMegabytes().ifPresent(mb -> peak(function, options, mb));
              }
            }
          }
        }
        if (yardstick.isPresent()) {
          AwsAnswers answers = aws.get(LambdaFunction.authorizer);
          String event = LambdaFunction.authorizer.event(root);
          try (FunctionProcess process =
              starts.start(
                  yardstick
                      .get()
                      .command(
                          Starts.environment(answers),
                          shell.variable("PATH").orElse("/usr/bin:/bin")))) {
            nanos(process, event);
            note(YARDSTICK, "plain", process.sinceStart());
            note(YARDSTICK, "plain" + CPU, process.cpuNanos());
            if (last) {
              warm(YARDSTICK, "plain", process, event);
            }
          }
        }
      }
    } finally {
      aws.values().forEach(AwsAnswers::close);
    }
  }

  /** The ways to start that are timed from the start of the process on. */
  private List<StartOptions> starting() {
    return restoredAlone ? List.of() : StartOptions.ALL;
  }

  private void peak(LambdaFunction function, StartOptions options, double megabytes) {
    measured
        .computeIfAbsent(function.name(), _ -> new LinkedHashMap<>())
        .put("peak MB, " + options.name(), new ArrayList<>(List.of(megabytes)));
  }

  private void warm(String who, String how, FunctionProcess process, String event)
      throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      nanos(process, event);
    }
    for (int i = 0; i < calls; i++) {
      note(who, "warm, " + how, nanos(process, event));
    }
  }

  private static long nanos(FunctionProcess process, String event) throws InterruptedException {
    return switch (process.invoke(event)) {
      case Invocation.Returned returned -> returned.nanos();
      case Invocation.Failed failed ->
          throw Refusal.local("the function failed: " + failed.body() + "\n" + process.output());
    };
  }

  private void note(String who, String what, long nanos) {
    measured
        .computeIfAbsent(who, _ -> new LinkedHashMap<>())
        .computeIfAbsent(what, _ -> new ArrayList<>())
        .add(nanos / 1e6);
  }

  private Sample sample(String who, String what) {
    List<Double> values = measured.getOrDefault(who, Map.of()).getOrDefault(what, List.of());
    return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void print(Path root, Map<String, String> host) throws IOException {
    PrintWriter out = shell.printer();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("machine", host);
      document.put("runs", runs);
      document.put("milliseconds", measured);
      out.println(JSON.std.asString(document));
      return;
    }
    Table machine = new Table("MACHINE", "");
    host.forEach((name, value) -> machine.add(name.equals("load") ? "load before" : name, value));
    show(machine);
    if (!restoredAlone) {
      printStarts(root);
    }
    printWarm();
  }

  private void show(Table table) {
    PrintWriter out = shell.printer();
    (markdown ? table.markdown() : table.lines(Integer.MAX_VALUE)).forEach(out::println);
    out.println();
  }

  private void printStarts(Path root) throws IOException {
    PrintWriter out = shell.printer();
    out.println("Start to first answer, ms, median of " + runs + " (slowest). Goal: <= 800 plain.");
    Table cold = new Table("FUNCTION", "PLAIN", "C1 ONLY", "APPCDS *", "AOT CACHE *", "ZIP MB");
    for (LambdaFunction function : only) {
      List<String> cells = new ArrayList<>(List.of(function.name()));
      StartOptions.ALL.forEach(options -> cells.add(middle(function.name(), options.name())));
      cells.add(String.format(Locale.ROOT, "%.1f", PackageSize.of(function.folder(root)) / 1e6));
      cold.add(cells.toArray(String[]::new));
    }
    cold.add(YARDSTICK, middle(YARDSTICK, "plain"), "", "", "", "");
    show(cold);
    out.println("* for images alone: the managed runtime of zips takes no archive of a user's");
    out.println();
    out.println("CPU time of the same, ms, median: what other programs' work does not lengthen.");
    Table cpu = new Table("FUNCTION", "PLAIN", "C1 ONLY", "APPCDS *", "AOT CACHE *");
    for (LambdaFunction function : only) {
      List<String> cells = new ArrayList<>(List.of(function.name()));
      StartOptions.ALL.forEach(options -> cells.add(at(function.name(), options.name() + CPU, 50)));
      cpu.add(cells.toArray(String[]::new));
    }
    cpu.add(YARDSTICK, at(YARDSTICK, "plain" + CPU, 50), "", "", "");
    show(cpu);
  }

  private void printWarm() {
    PrintWriter out = shell.printer();
    out.println(
        "First call after a restore, median of "
            + runs
            + " (slowest), and "
            + calls
            + " warm calls, ms. Goals: <= 15, and p50 <= 1.");
    out.println("Peak: the process's resident memory until then; functions get 256 or 512 MB.");
    out.println();
    Table warm =
        new Table(
            "FUNCTION",
            "FIRST, PLAIN",
            "FIRST, C1",
            "P50, PLAIN",
            "P99",
            "P50, C1",
            "P99",
            "PEAK MB, C1");
    for (LambdaFunction function : only) {
      warm.add(
          function.name(),
          middle(function.name(), "restored, plain"),
          middle(function.name(), "restored, C1 only"),
          at(function.name(), "warm, plain", 50),
          at(function.name(), "warm, plain", 99),
          at(function.name(), "warm, C1 only", 50),
          at(function.name(), "warm, C1 only", 99),
          at(function.name(), "peak MB, C1 only", 50));
    }
    warm.add(
        YARDSTICK,
        "",
        "",
        at(YARDSTICK, "warm, plain", 50),
        at(YARDSTICK, "warm, plain", 99),
        "",
        "",
        "");
    show(warm);
  }

  private String middle(String who, String what) {
    Sample sample = sample(who, what);
    return sample.isEmpty() ? "-" : number(sample.median()) + " (" + number(sample.max()) + ")";
  }

  private String at(String who, String what, int percent) {
    Sample sample = sample(who, what);
    return sample.isEmpty() ? "-" : number(sample.percentile(percent));
  }

  private static String number(double millis) {
    return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
  }
}
