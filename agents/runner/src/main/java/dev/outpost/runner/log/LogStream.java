package dev.outpost.runner.log;

import dev.outpost.runner.scrub.LineScrubber;
import dev.outpost.runner.scrub.Scrubber;

/**
 * One source's way into the log: scrubs each line, with a memory of its own for what goes over
 * several lines. Thread-safe.
 */
public final class LogStream {
  private final LogSink sink;
  private final boolean milestones;
  private final LineScrubber scrubber;

  private LogStream(LogSink sink, Scrubber scrubber, boolean milestones) {
    this.sink = sink;
    this.scrubber = scrubber.lines();
    this.milestones = milestones;
  }

  /** For the runner's own words. */
  public static LogStream ofRunner(LogSink sink, Scrubber scrubber) {
    return new LogStream(sink, scrubber, true);
  }

  /** For what an agent prints. */
  public static LogStream ofAgent(LogSink sink, Scrubber scrubber) {
    return new LogStream(sink, scrubber, false);
  }

  /** Logs at level info. */
  public void info(String text) {
    log(Level.INFO, text);
  }

  /** Logs at level error. */
  public void error(String text) {
    log(Level.ERROR, text);
  }

  /** Logs each line of a text. */
  public synchronized void log(Level level, String text) {
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      write(level, scrubber.line(text.substring(from, end)));
      from = end + 1;
    }
    write(level, scrubber.line(text.substring(from)));
  }

  /** Logs a part of a line that is too long to be held. */
  public synchronized void part(Level level, String part, boolean last) {
    scrubber.part(part, last, scrubbed -> write(level, scrubbed));
  }

  private void write(Level level, String scrubbed) {
    if (milestones) {
      sink.milestone(level, scrubbed);
    } else {
      sink.output(level, scrubbed);
    }
  }
}
