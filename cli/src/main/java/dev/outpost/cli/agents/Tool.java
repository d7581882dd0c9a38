package dev.outpost.cli.agents;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Another program, run to its end. */
final class Tool {
  private Tool() {}

  /**
   * What came of it.
   *
   * @param code its exit code; {@link #NEVER_RAN} or {@link #TOOK_TOO_LONG} when it has none
   * @param output all that it printed, on either stream
   */
  record Ended(int code, String output) {
    boolean isGood() {
      return code == 0;
    }

    /** The last lines of what it printed. */
    List<String> lastLines(int most) {
      List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
  }

  /** There is no such program, or it can't be run. */
  static final int NEVER_RAN = -1;

  /** It was killed. */
  static final int TOOK_TOO_LONG = -2;

  /** Runs it in those variables alone, without input, for at most that long. */
  static Ended run(List<String> command, Map<String, String> environment, Duration atMost)
      throws InterruptedException {
    Optional<Path> program = SearchPath.of(environment).find(command.getFirst());
    if (program.isEmpty()) {
      return new Ended(NEVER_RAN, "there is no program " + command.getFirst());
    }
    List<String> words = new ArrayList<>(command);
    words.set(0, program.get().toString());
    Path output = null;
    try {
      // A file, for nobody reads along: a pipe that is full would hold the program up.
      output = Files.createTempFile("outpost", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      return new Ended(ended ? process.exitValue() : TOOK_TOO_LONG, read(output));
    } catch (IOException e) {
      return new Ended(NEVER_RAN, String.valueOf(e.getMessage()));
    } finally {
      if (output != null) {
        output.toFile().delete();
      }
    }
  }

  private static String read(Path output) throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }
}
