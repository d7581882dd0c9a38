package dev.outpost.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What agents wrote outside: the one witness of a campaign that neither the machine nor a runner
 * can make say anything.
 *
 * @param begins how often each began
 * @param ends how often each came to its end
 * @param pids the process that began last
 */
record Marks(Map<String, Integer> begins, Map<String, Integer> ends, Map<String, Long> pids) {
  private static final Pattern LINE = Pattern.compile("(begin|end) (\\S+) (\\d+)");

  Marks {
    begins = Map.copyOf(begins);
    ends = Map.copyOf(ends);
    pids = Map.copyOf(pids);
  }

  static Marks read(Path file) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    Map<String, Integer> begins = new HashMap<>();
    Map<String, Integer> ends = new HashMap<>();
    Map<String, Long> pids = new HashMap<>();
    for (String line : lines) {
      Matcher mark = LINE.matcher(line);
      if (!mark.matches()) {
        throw new IOException("an agent wrote: " + line);
      }
      if (mark.group(1).equals("begin")) {
        begins.merge(mark.group(2), 1, Integer::sum);
        pids.put(mark.group(2), Long.parseLong(mark.group(3)));
      } else {
        ends.merge(mark.group(2), 1, Integer::sum);
      }
    }
    return new Marks(begins, ends, pids);
  }

  int begins(String name) {
    return begins.getOrDefault(name, 0);
  }

  int ends(String name) {
    return ends.getOrDefault(name, 0);
  }
}
