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
      "Node.js handler, where node and npm are on PATH. All of it takes about half an hour on an idle",
      "machine of two cores."
    })
public final class ColdBench implements Callable<Integer>, SpeaksJson {
  /** Calls before warm ones are timed. */
  private static final int WARM_UP = 500;

  private static final String YARDSTICK = "Node.js yardstick";
  private static final String CPU = ", CPU";
  private static final String NETWORK = "network";

  private final Shell shell;
  private final Map<String, Map<String, List<Double>>> measured = new LinkedHashMap<>();

  /** The memory of each that is measured, in MB, in their order. */
  private final Map<String, Integer> memory = new LinkedHashMap<>();

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

  @Option(
      names = "--http-client",
      paramLabel = "DIR",
      description = "Jars of another HTTP client for the SDK, in place of the packaged one.")
  private Optional<Path> httpClient = Optional.empty();

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
    try (Subjects subjects = Subjects.of(root, folder, only, shell.clock().instant())) {
      Starts starts = new Starts(root, folder, httpClient, shell.clock());
      for (Subject subject : subjects.all()) {
        for (StartOptions options : starting()) {
          if (options.forImages()) {
            starts.record(subject, options);
          }
        }
      }
      // Interleaved, so that whatever else the machine does is spread over all of them.
      for (int run = 1; run <= runs; run++) {
        boolean last = run == runs;
        for (Subject subject : subjects.all()) {
          shell.complaints().println("run " + run + " of " + runs + ": " + subject.name());
          shell.complaints().flush();
          start(starts, subject);
          restore(starts, subject, last);
        }
        if (yardstick.isPresent()) {
          compare(starts, yardstick.get(), subjects.authorizer(), last);
        }
      }
      for (Subject subject : subjects.all()) {
        memory.put(subject.name(), subject.memoryMb());
      }
      for (long nanos : RoundTrip.nanos(subjects.authorizer().aws(), WARM_UP + calls)) {
        note(NETWORK, "warm", nanos);
      }
    }
  }

  private void start(Starts starts, Subject subject) throws IOException, InterruptedException {
    for (StartOptions options : starting()) {
      Starts.Cold cold = starts.cold(subject, options);
      note(subject.name(), options.name(), cold.nanos());
      note(subject.name(), options.name() + CPU, cold.cpuNanos());
    }
  }

  private void restore(Starts starts, Subject subject, boolean last)
      throws IOException, InterruptedException {
    for (StartOptions options : StartOptions.RESTORED) {
      try (FunctionProcess process = starts.restored(subject, options)) {
        note(subject.name(), "restored, " + options.name(), nanos(process, subject.event()));
        if (last) {
          int before = subject.aws().calls().size();
          warm(subject.name(), options.name(), process, subject.event());
          double made = subject.aws().calls().size() - before;
          figure(subject.name(), "AWS", made / (WARM_UP + calls));
          process
              .peakMegabytes()
              .ifPresent(mb -> figure(subject.name(), "peak MB, " + options.name(), mb));
        }
      }
    }
  }

  private void compare(Starts starts, Yardstick yardstick, Subject same, boolean last)
      throws IOException, InterruptedException {
    String path = shell.variable("PATH").orElse("/usr/bin:/bin");
    try (FunctionProcess process =
        starts.start(yardstick.command(Starts.environment(same.aws()), path))) {
      nanos(process, same.event());
      note(YARDSTICK, "plain", process.sinceStart());
      note(YARDSTICK, "plain" + CPU, process.cpuNanos());
      if (last) {
        warm(YARDSTICK, "deployed", process, same.event());
      }
    }
  }

  /** The ways to start that are timed from the start of the process on. */
  private List<StartOptions> starting() {
    return restoredAlone ? List.of() : StartOptions.STARTING;
  }

  private void figure(String who, String what, double value) {
    measured
        .computeIfAbsent(who, _ -> new LinkedHashMap<>())
        .put(what, new ArrayList<>(List.of(value)));
  }

  private void warm(String who, String how, FunctionProcess process, String event)
      throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      nanos(process, event);
    }
    long cpu = process.cpuNanos();
    for (int i = 0; i < calls; i++) {
      note(who, "warm, " + how, nanos(process, event));
    }
    note(who, "warm, " + how + CPU, (process.cpuNanos() - cpu) / calls);
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
    Table cold =
        new Table("FUNCTION", "PLAIN", "C1 ONLY", "DEPLOYED", "APPCDS *", "AOT CACHE *", "ZIP MB");
    Table cpu = new Table("FUNCTION", "PLAIN", "C1 ONLY", "DEPLOYED", "APPCDS *", "AOT CACHE *");
    for (String name : memory.keySet()) {
      List<String> times = new ArrayList<>(List.of(name));
      List<String> cpuTimes = new ArrayList<>(List.of(name));
      for (StartOptions options : StartOptions.STARTING) {
        times.add(middle(name, options.name()));
        cpuTimes.add(at(name, options.name() + CPU, 50));
      }
      times.add(
          name.equals(Subjects.NOTHING)
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%.1f",
                  PackageSize.of(LambdaFunction.valueOf(name).folder(root)) / 1e6));
      cold.add(times.toArray(String[]::new));
      cpu.add(cpuTimes.toArray(String[]::new));
    }
    cold.add(YARDSTICK, middle(YARDSTICK, "plain"), "", "", "", "", "");
    cpu.add(YARDSTICK, at(YARDSTICK, "plain" + CPU, 50), "", "", "", "");
    show(cold);
    out.println("* for images alone: the managed runtime of zips takes no archive of a user's");
    out.println();
    out.println("CPU time of the same, ms, median: what other programs' work does not lengthen.");
    show(cpu);
  }

  private void printWarm() {
    PrintWriter out = shell.printer();
    out.println(
        "First call after a restore, ms, median of " + runs + " (slowest). Goal: <= 15 deployed.");
    Table first = new Table("FUNCTION", "PLAIN", "DEPLOYED", "C2 TOO");
    for (String name : memory.keySet()) {
      first.add(
          name,
          middle(name, "restored, plain"),
          middle(name, "restored, deployed"),
          middle(name, "restored, C2 too"));
    }
    show(first);
    double network = sample(NETWORK, "warm").median();
    double nothing = sample(Subjects.NOTHING, "warm, deployed").median();
    out.println(calls + " warm calls, ms. Goal: p50 of its own <= 1.");
    out.println(
        "Its own: p50 less that of the handler of nothing, and less "
            + number(network)
            + " for each call of AWS,");
    out.println("which is what such a call takes whoever does nothing but wait.");
    out.println("CPU: the process's CPU time of a call, which is all but waiting for answers.");
    out.println("Peak: the process's resident memory until then, of what the function is given.");
    Table warm =
        new Table(
            "FUNCTION",
            "P50",
            "CALLS OF AWS",
            "ITS OWN P50",
            "P99",
            "CPU",
            "P50, C2 TOO",
            "P99",
            "CPU",
            "PEAK MB");
    for (String name : memory.keySet()) {
      double made = sample(name, "AWS").median();
      warm.add(
          name,
          at(name, "warm, deployed", 50),
          number(made),
          number(sample(name, "warm, deployed").median() - nothing - made * network),
          at(name, "warm, deployed", 99),
          at(name, "warm, deployed" + CPU, 50),
          at(name, "warm, C2 too", 50),
          at(name, "warm, C2 too", 99),
          at(name, "warm, C2 too" + CPU, 50),
          at(name, "peak MB, deployed", 50) + " of " + memory.get(name));
    }
    warm.add(
        YARDSTICK,
        at(YARDSTICK, "warm, deployed", 50),
        "1.00",
        "",
        at(YARDSTICK, "warm, deployed", 99),
        at(YARDSTICK, "warm, deployed" + CPU, 50),
        "",
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
