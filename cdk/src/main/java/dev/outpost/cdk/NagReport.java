package dev.outpost.cdk;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads what cdk-nag reported. Run from a plain main it prints nothing and fails nothing; its
 * report is all there is.
 */
final class NagReport {
  private NagReport() {}

  /**
   * One line for each finding that is not explained.
   *
   * @throws IllegalStateException when there is no report: what was not checked is not clean
   */
  static List<String> unexplained(Path out) throws IOException {
    List<Map<?, ?>> lines = lines(out);
    List<String> found = new ArrayList<>();
    for (Map<?, ?> line : lines) {
      String compliance = String.valueOf(line.get("compliance"));
      if (!compliance.equals("Compliant") && !compliance.equals("Suppressed")) {
        found.add(
            line.get("ruleId")
                + " ("
                + compliance
                + ") at "
                + line.get("resourceId")
                + ": "
                + line.get("ruleInfo"));
      }
    }
    return found;
  }

  /** All lines of all reports. */
  static List<Map<?, ?>> lines(Path out) throws IOException {
    List<Map<?, ?>> lines = new ArrayList<>();
    List<Path> reports;
    try (Stream<Path> files = Files.list(out)) {
      reports = files.filter(file -> file.toString().endsWith("-NagReport.json")).sorted().toList();
    }
    for (Path report : reports) {
      Object all = JSON.std.mapFrom(Files.readString(report, StandardCharsets.UTF_8)).get("lines");
      if (all instanceof List<?> list) {
        list.forEach(line -> lines.add((Map<?, ?>) line));
      }
    }
    if (lines.isEmpty()) {
      throw new IllegalStateException("cdk-nag left no report in " + out);
    }
    return lines;
  }
}
