package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.outpost.edge.start.Invocation;
import dev.outpost.lambda.LambdaFunction;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;

/**
 * What invocations of functions cost. A function's CPU time is measured here, in this process, and
 * stretched to the share of a core that its memory gets; its waiting is that of {@link Latency}.
 * Not safe for use by several threads.
 */
final class Invoices {
  /** The share of invocations that X-Ray records beside the first of each second. */
  private static final double TRACED = 0.05;

  /** With how many MB a function has one whole core (Lambda Developer Guide, "Memory"). */
  private static final double MB_OF_A_CORE = 1769;

  /** A line of a function's own in the JSON layout, with the request's fields, in bytes. */
  static final int LINE_BYTES = 450;

  /** A line of the HTTP API's access log, in bytes. */
  static final int ACCESS_BYTES = 350;

  /** What CloudWatch adds to each line (PutLogEvents). */
  static final int LINE_OVERHEAD = 26;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Meter meter;
  private long logged;

  Invoices(Meter meter) {
    this.meter = meter;
  }

  /**
   * Invokes a function.
   *
   * @param lines how many lines it logs otherwise than through its context
   */
  void invoke(Path path, String function, int lines, Runnable handler) {
    meter.on(path);
    double _ = meter.waited();
    logged = 0;
    long begin = THREADS.getCurrentThreadCpuTime();
    handler.run();
    double cpu = (THREADS.getCurrentThreadCpuTime() - begin) / 1e6;
    int memory = LambdaFunction.valueOf(function).memoryMb();
    double millis = Math.ceil(cpu * MB_OF_A_CORE / memory + meter.waited());
    meter.add(Billed.LAMBDA_REQUEST, 1);
    meter.add(Billed.TRACE, TRACED);
    meter.add(Billed.LAMBDA_GB_SECOND, millis / 1000 * memory / 1024);
    double bytes = logged + (long) lines * (LINE_BYTES + LINE_OVERHEAD);
    meter.add(Billed.LOG_KILOBYTE, bytes / 1000);
  }

  /** A request to the HTTP API, with the line of its access log. */
  void request(Path path) {
    meter.on(path);
    meter.add(Billed.HTTP_REQUEST, 1);
    meter.add(Billed.LOG_KILOBYTE, (ACCESS_BYTES + LINE_OVERHEAD) / 1000.0);
  }

  /** A context whose log is counted. */
  Context context() {
    LambdaLogger logger =
        new LambdaLogger() {
          @Override
          public void log(String message) {
            log(message.getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public void log(byte[] message) {
            logged += message.length + LINE_OVERHEAD;
          }
        };
    return new Invocation("metered", "simulated", logger);
  }
}
