package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KilledStoreTest {
  private static final int ROUNDS = 3;
  private static final int WRITES = 700;

  @TempDir Path directory;

  @Test
  @Timeout(60)
  void everyAcknowledgedTransactionIsThereWholeAfterAKill() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path file = directory.resolve("store" + round);
      List<String> acknowledged = writeUntilKilled(file);
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(WRITES);
      try (EmbeddedStore store = EmbeddedStore.open(file)) {
        Set<String> left = keys(store, "left");
        assertThat(left).containsAll(acknowledged).isEqualTo(keys(store, "right"));
        assertThat(store.get("count", "all")).contains(String.valueOf(left.size()));
        store.change(tx -> tx.put("left", "after", "1"));
      }
    }
  }

  private static Set<String> keys(EmbeddedStore store, String map) {
    return store.read(
        view -> view.ascending(map, "").map(StoreView.Entry::key).collect(Collectors.toSet()));
  }

  private static List<String> writeUntilKilled(Path file) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--sun-misc-unsafe-memory-access=allow",
                StoreWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader out = writer.inputReader()) {
      String line;
      while ((line = out.readLine()) != null) {
        acknowledged.add(line);
        if (acknowledged.size() == WRITES) {
          writer.toHandle().destroyForcibly(); // which, unlike the process, leaves the pipe open
        }
      }
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.exitValue()).isEqualTo(137);
    // The kill may have cut the last line; what was cut was not told.
    acknowledged.removeIf(id -> !id.matches("[0-7]-\\d+"));
    return acknowledged;
  }
}
