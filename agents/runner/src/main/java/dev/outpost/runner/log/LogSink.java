package dev.outpost.runner.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Where all log lines of a run end: numbered from 0, each written at once and whole to the
 * container's standard output as {@code {"n","timestamp","level","message"}}, and as text to a
 * file. Takes scrubbed text only; a {@link LogStream} is the way to it. Thread-safe.
 */
public final class LogSink implements Closeable {
  /** The agent's part of the log ends at this size of the file, in bytes. */
  public static final long LIMIT = 50L * 1024 * 1024;

  /** A longer message is cut into several, in characters. */
  public static final int LONGEST_MESSAGE = 8192;

  private final OutputStream lines;
  private final InstantSource clock;
  private final long limit;
  private OutputStream text = new ByteArrayOutputStream();
  private long number;
  private long size;
  private boolean truncated;
  private boolean linesBroken;
  private boolean textBroken;

  /** A log without a file yet: what it takes until it has one is kept in memory. */
  public LogSink(OutputStream lines, InstantSource clock) {
    this(lines, clock, LIMIT);
  }

  LogSink(OutputStream lines, InstantSource clock, long limit) {
    this.lines = lines;
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Writes the text to this new file from now on, with what was taken before.
   *
   * @throws IOException when the file cannot be made
   */
  public synchronized void writeTo(Path file) throws IOException {
    OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
    if (text instanceof ByteArrayOutputStream before) {
      before.writeTo(out);
    }
    text = out;
  }

  /** Takes a line of the runner's own: never refused for the log's size. */
  synchronized void milestone(Level level, String message) {
    write(level, message);
  }

  /** Takes a line of the agent's, unless the log is full. */
  synchronized void output(Level level, String message) {
    if (truncated) {
      return;
    }
    if (size >= limit) {
      truncated = true;
      write(Level.ERROR, "the log is full: what the agent prints from here on is not kept");
      return;
    }
    write(level, message);
  }

  private void write(Level level, String message) {
    int from = 0;
    while (message.length() - from > LONGEST_MESSAGE) {
      int to = from + LONGEST_MESSAGE;
      if (Character.isHighSurrogate(message.charAt(to - 1))) {
        to--;
      }
      writeOne(level, message.substring(from, to));
      from = to;
    }
    writeOne(level, message.substring(from));
  }

  private void writeOne(Level level, String message) {
    Instant now = clock.instant();
    String json =
        "{\"n\":"
            + number++
            + ",\"timestamp\":\""
            + now
            + "\",\"level\":\""
            + level.wire()
            + "\",\"message\":\""
            + new String(JsonStringEncoder.getInstance().quoteAsString(message))
            + "\"}\n";
    if (!linesBroken) {
      try {
        lines.write(json.getBytes(UTF_8));
        lines.flush();
      } catch (IOException _) {
        // Nobody reads any more: the run goes on, and its log still is an artifact.
        linesBroken = true;
      }
    }
    byte[] line = (now + " " + level.wire() + " " + message + "\n").getBytes(UTF_8);
    size += line.length;
    if (!textBroken) {
      try {
        text.write(line);
      } catch (IOException _) {
        // A full disk is told by what fails next.
        textBroken = true;
      }
    }
  }

  /**
   * Brings all taken so far into the file.
   *
   * @throws IOException when the disk is full or gone
   */
  public synchronized void flush() throws IOException {
    text.flush();
  }

  @Override
  public synchronized void close() throws IOException {
    text.close();
    textBroken = true;
  }
}
