package dev.outpost.machine;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Launch;
import dev.outpost.dispatch.LogLine;
import dev.outpost.dispatch.Logs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What runners printed, from the files that their standard output goes to. Safe for use by many
 * threads.
 *
 * <p>A reader who follows a log asks again and again for what is behind its last line, so where
 * some lines begin is remembered.
 */
final class ProcessLogs implements Logs {
  /** A line's begin is remembered each so many lines. */
  private static final int MARK_EVERY = 256;

  /** How many logs' marks are remembered. */
  private static final int MAX_MARKED = 200;

  private static final int BUFFER = 64 * 1024;

  private final Path folder;
  private final Map<Path, NavigableMap<Long, Long>> marks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, NavigableMap<Long, Long>> eldest) {
          return size() > MAX_MARKED;
        }
      };

  /** From that folder of {@code <task id>.jsonl}. */
  ProcessLogs(Path folder) {
    this.folder = Objects.requireNonNull(folder, "folder");
  }

  @Override
  public List<LogLine> read(DispatchId id, Launch launch, long offset, int limit) {
    Optional<String> arn = launch.taskArn();
    if (arn.isEmpty()) {
      return List.of();
    }
    Path file = folder.resolve(arn.get().substring(arn.get().lastIndexOf('/') + 1) + ".jsonl");
    try {
      return read(file, offset, limit);
    } catch (NoSuchFileException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("the log of " + id + " can't be read", e);
    }
  }

  private List<LogLine> read(Path file, long offset, int limit) throws IOException {
    Map.Entry<Long, Long> mark = markAt(file, offset);
    List<LogLine> lines = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(mark.getValue());
      long number = mark.getKey();
      long position = mark.getValue();
      byte[] buffer = new byte[BUFFER];
      byte[] rest = new byte[0];
      int count;
      while (lines.size() < limit && (count = in.read(buffer)) > 0) {
        int from = 0;
        for (int i = 0; i < count && lines.size() < limit; i++) {
          if (buffer[i] != '\n') {
            continue;
          }
          byte[] line = join(rest, buffer, from, i);
          rest = new byte[0];
          from = i + 1;
          position += line.length + 1;
          if (number >= offset) {
            lines.add(line(line));
          }
          number++;
          if (number % MARK_EVERY == 0) {
            mark(file, number, position);
          }
        }
        // A line without its end is still being written; it is told when it is whole.
        rest = join(rest, buffer, from, count);
      }
    }
    return lines;
  }

  private static byte[] join(byte[] rest, byte[] buffer, int from, int to) {
    byte[] joined = new byte[rest.length + to - from];
    System.arraycopy(rest, 0, joined, 0, rest.length);
    System.arraycopy(buffer, from, joined, rest.length, to - from);
    return joined;
  }

  private synchronized Map.Entry<Long, Long> markAt(Path file, long offset) {
    NavigableMap<Long, Long> known = marks.getOrDefault(file, new TreeMap<>());
    Map.Entry<Long, Long> mark = known.floorEntry(offset);
    return mark == null ? Map.entry(0L, 0L) : mark;
  }

  private synchronized void mark(Path file, long number, long position) {
    marks.computeIfAbsent(file, _ -> new TreeMap<>()).put(number, position);
  }

  private static LogLine line(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      Map<String, Object> map = JSON.std.mapFrom(text);
      return new LogLine(
          Instant.parse(String.valueOf(map.get("timestamp"))),
          String.valueOf(map.get("level")),
          String.valueOf(map.get("message")));
    } catch (IOException | DateTimeException _) {
      // Not the runner's form: the JVM itself complains like this, e.g. when its memory is used up.
      return new LogLine(Instant.EPOCH, "error", text);
    }
  }
}
