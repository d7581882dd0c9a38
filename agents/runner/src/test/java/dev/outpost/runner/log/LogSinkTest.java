package dev.outpost.runner.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.runner.scrub.Scrubber;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSinkTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private List<Map<String, Object>> lines() throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : out.toString(UTF_8).lines().toList()) {
      lines.add(JSON.std.mapFrom(line));
    }
    return lines;
  }

  @Test
  void eachLineIsANumberedJsonObject() throws IOException {
    LogSink sink = new LogSink(out, CLOCK);
    LogStream log = LogStream.ofRunner(sink, new Scrubber(List.of("hunter2hunter2")));
    log.info("quote \" tab \t escape \u001b é 😀");
    log.error("with hunter2hunter2\nin two lines");
    sink.writeTo(directory.resolve("log"));
    log.info("later");
    sink.close();
    assertThat(lines())
        .containsExactly(
            line(0, "info", "quote \" tab \t escape \u001b é 😀"),
            line(1, "error", "with [REDACTED]"),
            line(2, "error", "in two lines"),
            line(3, "info", "later"));
    assertThat(Files.readString(directory.resolve("log")))
        .isEqualTo(
            """
            2026-11-22T10:00:00Z info quote " tab \t escape \u001b é 😀
            2026-11-22T10:00:00Z error with [REDACTED]
            2026-11-22T10:00:00Z error in two lines
            2026-11-22T10:00:00Z info later
            """);
  }

  private static Map<String, Object> line(int n, String level, String message) {
    return Map.of("n", n, "timestamp", "2026-11-22T10:00:00Z", "level", level, "message", message);
  }

  @Test
  void longLinesAreCutBetweenCharacters() throws IOException {
    LogSink sink = new LogSink(out, CLOCK);
    String text = "x".repeat(LogSink.LONGEST_MESSAGE - 1) + "😀" + "y".repeat(10_000);
    LogStream.ofAgent(sink, new Scrubber(List.of())).info(text);
    List<String> messages = lines().stream().map(line -> (String) line.get("message")).toList();
    assertThat(messages).hasSize(3).allMatch(part -> part.length() <= LogSink.LONGEST_MESSAGE);
    assertThat(String.join("", messages)).isEqualTo(text);
  }

  @Test
  void aFullLogTakesMilestonesOnly() throws IOException {
    LogSink sink = new LogSink(out, CLOCK, 1000);
    LogStream agent = LogStream.ofAgent(sink, new Scrubber(List.of()));
    for (int i = 0; i < 100; i++) {
      agent.info("x".repeat(100));
    }
    LogStream.ofRunner(sink, new Scrubber(List.of())).info("the end");
    List<String> messages = lines().stream().map(line -> (String) line.get("message")).toList();
    assertThat(messages).hasSizeLessThan(12);
    assertThat(messages.get(messages.size() - 2)).startsWith("the log is full");
    assertThat(messages.getLast()).isEqualTo("the end");
  }

  @Test
  void aClosedStandardOutputDoesNotEndTheLog() throws IOException {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    LogSink sink = new LogSink(broken, CLOCK);
    sink.writeTo(directory.resolve("log"));
    LogStream.ofAgent(sink, new Scrubber(List.of())).info("still here");
    sink.close();
    assertThat(directory.resolve("log")).content().contains("still here");
  }
}
