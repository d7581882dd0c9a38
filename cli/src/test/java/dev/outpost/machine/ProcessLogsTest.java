package dev.outpost.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogsTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final DispatchId ID = new DispatchId(LocalEcs.DISPATCH);
  private static final Launch LAUNCH =
      new Launch(1, T0, "definition:1", Optional.of(LocalTask.arn("abc")));

  @TempDir Path directory;
  private ProcessLogs logs;

  @BeforeEach
  void open() {
    logs = new ProcessLogs(directory);
  }

  @Test
  void aLogThatIsNotThereIsEmpty() {
    assertThat(logs.read(ID, LAUNCH, 0, 100)).isEmpty();
    assertThat(logs.read(ID, new Launch(1, T0, "d:1", Optional.empty()), 0, 100)).isEmpty();
  }

  @Test
  void aFollowerSeesEachLineOnceAndNoHalfOne() throws IOException {
    write(line(0) + line(1) + line(2).substring(0, 20));
    assertThat(logs.read(ID, LAUNCH, 0, 100)).containsExactly(read(0), read(1));
    assertThat(logs.read(ID, LAUNCH, 2, 100)).isEmpty();
    write(line(2).substring(20) + line(3));
    assertThat(logs.read(ID, LAUNCH, 2, 1)).containsExactly(read(2));
    assertThat(logs.read(ID, LAUNCH, 2, 100)).containsExactly(read(2), read(3));
    assertThat(logs.read(ID, LAUNCH, 99, 100)).isEmpty();
  }

  @Test
  void anyPartOfALongLogIsFound() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      all.append(line(i));
    }
    write(all.toString());
    for (int offset : List.of(4990, 0, 255, 256, 257, 2048, 4999)) {
      List<LogLine> lines = logs.read(ID, LAUNCH, offset, 3);
      assertThat(lines).hasSize(Math.min(3, 5000 - offset)).first().isEqualTo(read(offset));
    }
  }

  @Test
  void aLineOfAnotherFormIsTold() throws IOException {
    write("OutOfMemoryError: Java heap space\n" + line(1));
    List<LogLine> lines = logs.read(ID, LAUNCH, 0, 10);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().message()).isEqualTo("OutOfMemoryError: Java heap space");
    assertThat(lines.getLast()).isEqualTo(read(1));
  }

  private void write(String text) throws IOException {
    Files.writeString(
        directory.resolve("abc.jsonl"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String line(int n) {
    return "{\"n\":%d,\"timestamp\":\"%s\",\"level\":\"info\",\"message\":\"line ä %d\"}\n"
        .formatted(n, T0.plusSeconds(n), n);
  }

  private static LogLine read(int n) {
    return new LogLine(T0.plusSeconds(n), "info", "line ä " + n);
  }
}
