package dev.outpost.runner;

import dev.outpost.run.Instruction;
import dev.outpost.run.Job;
import dev.outpost.run.Progress;
import dev.outpost.run.Report;
import dev.outpost.run.Usage;
import dev.outpost.runner.gateway.Gateway;
import dev.outpost.runner.gateway.ReportAnswer;
import dev.outpost.runner.stop.StopSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells the control plane how the run goes, every so often, and hears whether it is to stop. A
 * report that nobody takes is no harm: the agent goes on, and the next one follows. Thread-safe.
 */
final class Reporter implements AutoCloseable {
  private static final Duration LAST_REPORT = Duration.ofSeconds(30);

  private final Gateway gateway;
  private final Job job;
  private final StopSignal stop;
  private final Supplier<Optional<Usage>> usage;
  private final Thread thread;
  private Phase phase = new Phase(0, 0, Duration.ZERO, "starting", System.nanoTime());
  private int told;

  /** A stretch of the run, within which progress follows the clock. */
  private record Phase(int from, int to, Duration length, String message, long started) {
    int percent() {
      if (length.isZero()) {
        return from;
      }
      double part = (double) (System.nanoTime() - started) / length.toNanos();
      return from + (int) ((to - from) * Math.clamp(part, 0, 1));
    }
  }

  /**
   * A reporter that starts at once.
   *
   * @param usage what was consumed so far, if it is known
   */
  Reporter(Gateway gateway, Job job, StopSignal stop, Supplier<Optional<Usage>> usage) {
    this.gateway = gateway;
    this.job = job;
    this.stop = stop;
    this.usage = usage;
    thread = Thread.ofVirtual().name("reporter").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /** Progress stands at {@code percent}, unless it was further already. */
  void at(int percent, String message) {
    during(percent, percent, Duration.ZERO, message);
  }

  /** Progress goes from one number to another in that time. */
  synchronized void during(int from, int to, Duration length, String message) {
    phase = new Phase(from, to, length, message, System.nanoTime());
  }

  /** A report on how it stands. */
  synchronized Report report(Report.Stage stage) {
    told = Math.max(told, phase.percent());
    return new Report(
        job.dispatchId(),
        job.attempt(),
        job.reportToken(),
        new Progress(told, phase.message()),
        usage.get(),
        stage);
  }

  private void loop() {
    try {
      while (true) {
        Thread.sleep(job.reportEvery());
        heed(gateway.report(report(new Report.Stage.Working())));
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  /** Asks, for at most that long, why the run is stopped. */
  void ask(Duration atMost) {
    heed(gateway.insist(report(new Report.Stage.Working()), atMost));
  }

  private void heed(ReportAnswer answer) {
    switch (answer) {
      case ReportAnswer.Taken(Instruction instruction) ->
          instruction
              .stop()
              .ifPresent(
                  why ->
                      stop.raise(
                          switch (why) {
                            case CANCEL -> StopSignal.Reason.CANCELLED;
                            case TIMEOUT -> StopSignal.Reason.TIMEOUT;
                          }));
      case ReportAnswer.Disowned(_) -> stop.raise(StopSignal.Reason.LOST);
      case ReportAnswer.Refused(_), ReportAnswer.Unanswered(_) -> {
        // The next report follows.
      }
    }
  }

  /** Ends the loop; after this no report is under way. Closed again, nothing happens. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(LAST_REPORT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
