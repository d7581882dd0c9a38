package dev.outpost.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The runner as a process of its own, as it is in a container. */
final class RunnerProcess {
  private RunnerProcess() {}

  /**
   * Starts it.
   *
   * @param directory where its output goes, and its work directory lies
   * @param before words before the program's, of a program that becomes it
   * @param options the JVM's
   */
  static Process start(LocalGateway gateway, Path directory, List<String> before, String... options)
      throws IOException {
    List<String> words = new ArrayList<>(before);
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-XX:+UseSerialGC");
    words.addAll(List.of(options));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "OUTPOST_API_URL",
                gateway.url().toString(),
                "OUTPOST_DISPATCH_ID",
                Jobs.DISPATCH_ID,
                "OUTPOST_ATTEMPT",
                "1",
                "OUTPOST_CLAIM_TOKEN",
                "claim-token-of-this-test",
                "OUTPOST_WORK_DIR",
                directory.resolve("run").toString()));
    return builder.start();
  }
}
