package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.cli.shell.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the one-machine runtime, as a process of its own that is talked to over HTTP. */
@Command(
    name = "bench",
    description = "Measures the one-machine runtime on this machine.",
    footer = {
      "",
      "Starts machines of its own on temporary data folders and free ports; whatever else runs here",
      "is left alone, and makes the figures worse. All of it takes about four minutes."
    })
public final class Bench implements Callable<Integer>, SpeaksJson {
  /** A tenant of the largest tier has 10,000 dispatches a day; this much a second is beyond us. */
  private static final int MOST_PER_SECOND = 5_000;

  private static final int TENANTS_DAY = 10_000;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final int STARTS = 5;
  private static final int FIRSTS = 3;
  private static final int RUNS = 10;

  private final Shell shell;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long admission is counted, 1 to 60 (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many clients dispatch at the same time (default ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "One part of: ${COMPLETION-CANDIDATES}.")
  private Optional<Part> only = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Option(names = "--settle", paramLabel = "N", defaultValue = "60", hidden = true)
  private int settleSeconds;

  /** A part of the benchmark, by the name that is typed. */
  enum Part {
    start,
    latency,
    admission,
    memory,
    gateway
  }

  /** The command in that shell. */
  public Bench(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  private interface Measurement {
    List<Figure> in(Path folder) throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws Exception {
    if (seconds < 1 || seconds > 60) {
      throw Refusal.usage("--seconds must be 1 to 60");
    }
    if (clients < 1 || clients > 1000) {
      throw Refusal.usage("--clients must be 1 to 1000");
    }
    Map<String, String> host = HostData.now();
    if (!json) {
      print(host);
    }
    Map<Part, Measurement> parts = new LinkedHashMap<>();
    parts.put(Part.start, this::start);
    parts.put(Part.latency, this::latency);
    parts.put(Part.admission, this::admission);
    parts.put(Part.memory, this::memory);
    parts.put(Part.gateway, _ -> GatewayLoad.figures());
    only.ifPresent(part -> parts.keySet().retainAll(List.of(part)));
    List<Figure> figures = new ArrayList<>();
    for (Measurement part : parts.values()) {
      figures.addAll(measured(part));
    }
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("machine", host);
      document.put("figures", figures.stream().map(Figure::document).toList());
      shell.printer().println(JSON.std.asString(document));
    } else {
      print(figures);
    }
    return 0;
  }

  private static List<Figure> measured(Measurement part) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("outpost-bench");
    try {
      return part.in(folder);
    } finally {
      DirectoryRemoval.remove(folder);
    }
  }

  private void print(Map<String, String> host) {
    Table table = new Table("MACHINE", "");
    host.forEach((name, value) -> table.add(name.equals("load") ? "load before" : name, value));
    table.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
    shell.printer().println();
  }

  private void print(List<Figure> figures) {
    Table table = new Table("MEASURED", "", "GOAL");
    for (Figure figure : figures) {
      table.add(figure.what(), figure.amount(), figure.goal());
    }
    PrintWriter out = shell.printer();
    table.lines(Integer.MAX_VALUE).forEach(out::println);
    out.println();
    out.println("What bounds them:");
    for (Figure figure : figures) {
      if (!figure.bound().isEmpty()) {
        out.println("  " + figure.what() + ": " + figure.bound());
      }
    }
  }

  private List<Figure> start(Path folder) throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    // The first start of a freshly built runtime writes the archive of its classes when it ends.
    double first;
    try (BenchedMachine machine = BenchedMachine.start(shell, data, true)) {
      first = machine.startMillis();
    }
    double[] warm = new double[STARTS];
    double[] cpu = new double[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (BenchedMachine machine = BenchedMachine.start(shell, data, true)) {
        warm[i] = machine.startMillis();
        cpu[i] = machine.startCpuMillis();
      }
    }
    Sample sample = new Sample(warm);
    return List.of(
        new Figure(
            "start_ms",
            "start to first /health answer, median of " + STARTS,
            sample.median(),
            "ms",
            "< 4000 ms",
            "one core's time to start the JVM, load its classes and open the store"),
        Figure.detail("start_max_ms", "- slowest of them", sample.max(), "ms"),
        Figure.detail("start_cpu_ms", "- CPU time of it", new Sample(cpu).median(), "ms"),
        Figure.detail("start_new_ms", "- start on a new data folder", first, "ms"));
  }

  private List<Figure> latency(Path folder) throws IOException, InterruptedException {
    double[] firsts = new double[FIRSTS];
    for (int i = 0; i < FIRSTS; i++) {
      // Each on a new folder, and asked the moment it answers at all.
      try (BenchedMachine machine =
          BenchedMachine.start(shell, folder.resolve("first" + i), true)) {
        firsts[i] = FirstLine.of(machine.url(), machine.newTenantsKey()).millis();
      }
    }
    FirstLine[] runs = new FirstLine[RUNS];
    try (BenchedMachine machine = BenchedMachine.start(shell, folder.resolve("runs"), true)) {
      String key = machine.newTenantsKey();
      Thread.sleep(WARM_UP);
      for (int i = 0; i < RUNS; i++) {
        runs[i] = FirstLine.of(machine.url(), key);
      }
    }
    Sample all = sample(runs, Phase.SEEN);
    double claimed = sample(runs, Phase.CLAIMED).median();
    double printed = sample(runs, Phase.PRINTED).median();
    Sample atOnce = new Sample(firsts);
    return List.of(
        new Figure(
            "first_line_ms",
            "POST to first agent line, median of " + RUNS,
            all.median(),
            "ms",
            "< 1000 ms",
            "the start of the runner's JVM, and then of git and the agent"),
        Figure.detail("first_line_max_ms", "- slowest of them", all.max(), "ms"),
        Figure.detail(
            "first_line_claimed_ms", "- of it until the runner claimed the job", claimed, "ms"),
        Figure.detail(
            "first_line_printed_ms", "- of it until the agent's line was logged", printed, "ms"),
        new Figure(
            "first_dispatch_ms",
            "the same right after the first start, median of " + FIRSTS,
            atOnce.median(),
            "ms",
            "< 1000 ms",
            "first use of every class on the way, in both JVMs"),
        Figure.detail("first_dispatch_max_ms", "- slowest of them", atOnce.max(), "ms"));
  }

  private enum Phase {
    CLAIMED,
    PRINTED,
    SEEN
  }

  private static Sample sample(FirstLine[] runs, Phase phase) {
    double[] values = new double[runs.length];
    for (int i = 0; i < runs.length; i++) {
      values[i] =
          switch (phase) {
            case CLAIMED -> runs[i].untilClaimed();
            case PRINTED -> runs[i].untilPrinted();
            case SEEN -> runs[i].millis();
          };
    }
    return new Sample(values);
  }

  private List<Figure> admission(Path folder) throws IOException, InterruptedException {
    AdmissionLoad.Came came;
    List<String> accepted;
    List<String> keys;
    double cpu;
    try (BenchedMachine machine = BenchedMachine.start(shell, folder, false)) {
      keys = keys(machine);
      AdmissionLoad load = new AdmissionLoad(machine.url(), keys);
      double cpuBefore = machine.cpuMillis();
      came = load.run(clients, WARM_UP, Duration.ofSeconds(seconds));
      cpu = (machine.cpuMillis() - cpuBefore) / load.accepted();
      // While they still dispatch: what was answered by then must be there.
      machine.kill();
      accepted = load.end();
    }
    if (came.millis().isEmpty()) {
      throw Refusal.local("nothing was accepted, " + came.refused() + " were refused");
    }
    int lost;
    try (BenchedMachine machine = BenchedMachine.start(shell, folder, false)) {
      lost = AdmissionLoad.missing(machine.url(), keys, accepted);
    }
    Sample millis = came.millis();
    return List.of(
        new Figure(
            "admission_per_second",
            "dispatches accepted with " + clients + " clients",
            came.perSecond(),
            "/s",
            ">= 500 /s",
            "the CPU for HTTP, JSON and two durable writes each; the clients take a share of it"),
        Figure.detail("admission_p50_ms", "- answered, median", millis.median(), "ms"),
        Figure.detail("admission_p99_ms", "- answered, 99 % within", millis.percentile(99), "ms"),
        Figure.detail("admission_cpu_ms", "- CPU time of the machine for each", cpu, "ms"),
        Figure.detail("admission_refused", "- refused", came.refused(), "dispatches"),
        Figure.detail("admission_kept", "- accepted before kill -9", accepted.size(), ""),
        new Figure(
            "admission_lost",
            "accepted, but not there after kill -9 and restart",
            lost,
            "dispatches",
            "0",
            "a dispatch is answered after the operating system has its write"));
  }

  private List<String> keys(BenchedMachine machine) throws IOException {
    List<String> keys = new ArrayList<>();
    int tenants = Math.ceilDiv((seconds + 4) * MOST_PER_SECOND, TENANTS_DAY);
    for (int i = 0; i < tenants; i++) {
      keys.add(machine.newTenantsKey());
    }
    return keys;
  }

  private List<Figure> memory(Path folder) throws IOException, InterruptedException {
    Duration settle = Duration.ofSeconds(settleSeconds);
    try (BenchedMachine machine = BenchedMachine.start(shell, folder.resolve("runs"), true);
        BenchedMachine loaded = BenchedMachine.start(shell, folder.resolve("load"), false)) {
      Thread.sleep(settle);
      Optional<Double> idle = machine.residentMb();
      if (idle.isEmpty()) {
        return List.of();
      }
      String key = machine.newTenantsKey();
      for (int i = 0; i < RUNS; i++) {
        FirstLine.of(machine.url(), key);
      }
      AdmissionLoad load = new AdmissionLoad(loaded.url(), keys(loaded));
      AdmissionLoad.Came _ = load.run(clients, WARM_UP, Duration.ofSeconds(seconds));
      int waiting = load.end().size();
      Thread.sleep(settle);
      return List.of(
          new Figure(
              "memory_idle_mb",
              "resident memory " + settleSeconds + " s after the start",
              idle.get(),
              "MB",
              "< 250 MB",
              "classes, compiled code and a heap that gives back what it does not need"),
          Figure.detail(
              "memory_runs_mb",
              "- " + settleSeconds + " s after " + RUNS + " dispatches",
              machine.residentMb().orElseThrow(),
              "MB"),
          Figure.detail(
              "memory_load_mb",
              "- " + settleSeconds + " s after " + waiting + " were accepted that wait",
              loaded.residentMb().orElseThrow(),
              "MB"));
    }
  }
}
