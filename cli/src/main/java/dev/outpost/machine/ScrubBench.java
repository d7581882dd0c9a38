package dev.outpost.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.cli.shell.Shell;
import dev.outpost.cli.shell.SpeaksJson;
import dev.outpost.cli.shell.Table;
import dev.outpost.runner.scrub.LineScrubber;
import dev.outpost.runner.scrub.Scrubber;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how much text a second one core takes the secrets out of. */
@Command(
    name = "scrub",
    description = "Measures how fast secrets are taken out of what leaves a run.",
    footer = {
      "",
      "On one thread, line by line as a log comes: lines of a program's source, of a build's log and",
      "of JSON events, one in a hundred with a secret in it. The CPU's time is counted, not the clock's."
    })
public final class ScrubBench implements Callable<Integer>, SpeaksJson {
  private static final int LINES = 100_000;
  private static final int SECRETS = 12;
  private static final int WARM_UPS = 3;
  private static final int ONE_WITH_A_SECRET_IN = 100;
  private static final double MEGABYTE = 1_000_000;
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

  private final Shell shell;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "How often all of the text is scrubbed, 1 to 100 (default ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  /** The command in that shell. */
  public ScrubBench(Shell shell) {
    this.shell = Objects.requireNonNull(shell, "shell");
  }

  @Override
  public boolean json() {
    return json;
  }

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || rounds > 100) {
      throw Refusal.usage("--rounds must be 1 to 100");
    }
    Map<String, String> host = HostData.now();
    List<Figure> figures = figures();
    if (json) {
      shell
          .printer()
          .println(
              JSON.std.asString(
                  Map.of(
                      "machine",
                      host,
                      "figures",
                      figures.stream().map(Figure::document).toList())));
      return 0;
    }
    Table table = new Table("MEASURED", "", "GOAL");
    figures.forEach(figure -> table.add(figure.what(), figure.amount(), figure.goal()));
    table.lines(Integer.MAX_VALUE).forEach(shell.printer()::println);
    return 0;
  }

  private List<Figure> figures() {
    Random random = new Random(20261125);
    List<String> secrets = new ArrayList<>();
    for (int i = 0; i < SECRETS; i++) {
      secrets.add(word(random, 40));
    }
    List<String> lines = lines(random, secrets);
    long bytes = lines.stream().mapToLong(line -> line.getBytes(UTF_8).length + 1).sum();
    Scrubber scrubber = new Scrubber(secrets);
    for (int i = 0; i < WARM_UPS; i++) {
      var _ = hidden(scrubber, lines);
    }
    double[] rates = new double[rounds];
    int hidden = 0;
    for (int i = 0; i < rounds; i++) {
      // The thread's own time: whatever else runs here takes none of it.
      long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      hidden = hidden(scrubber, lines);
      long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
      rates[i] = bytes / MEGABYTE / (took / 1e9);
    }
    Sample sample = new Sample(rates);
    return List.of(
        new Figure(
            "scrub_mb_per_s",
            "text scrubbed by one core, median of " + rounds,
            sample.median(),
            "MB/s",
            ">= 100 MB/s",
            "one look at each character, and a closer one where a secret may begin"),
        Figure.detail("scrub_max_mb_per_s", "- in the best round", sample.max(), "MB/s"),
        Figure.detail("scrub_text_mb", "- the text", bytes / MEGABYTE, "MB"),
        Figure.detail("scrub_lines_hidden", "- lines of it with a secret taken out", hidden, ""));
  }

  /** Scrubs all lines; answers how many had something to hide. */
  private static int hidden(Scrubber scrubber, List<String> lines) {
    LineScrubber scrubbed = scrubber.lines();
    int hidden = 0;
    for (String line : lines) {
      hidden += scrubbed.line(line).equals(line) ? 0 : 1;
    }
    return hidden;
  }

  private static List<String> lines(Random random, List<String> secrets) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      String secret =
          switch (random.nextInt(3)) {
            case 0 -> secrets.get(random.nextInt(secrets.size()));
            case 1 -> "gh" + "p_" + word(random, 36);
            default -> "sk" + "-ant-api03-" + word(random, 93);
          };
      String value = i % ONE_WITH_A_SECRET_IN == 0 ? secret : word(random, 8);
      lines.add(
          switch (random.nextInt(4)) {
            case 0 ->
                "    private static final String "
                    + word(random, 12)
                    + " = settings.find(\""
                    + value
                    + "\").orElseThrow(); // as the rule says";
            case 1 ->
                "2026-11-25T23:31:07.123Z INFO  [main] compiling module "
                    + word(random, 10)
                    + " with "
                    + value
                    + ", 1234 files in 5.6 s";
            case 2 ->
                "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_"
                    + i
                    + "\",\"text\":\"I have changed "
                    + value
                    + " and ran the tests; all of them pass now, and the build is green.\"}}";
            default ->
                "diff --git a/src/"
                    + word(random, 9)
                    + ".java b/src/"
                    + value
                    + ".java index 83db48f";
          });
    }
    return lines;
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.toString();
  }
}
