package dev.outpost.simulation;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.outpost.edge.start.Invocation;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What invocations of functions cost. A function's CPU time is measured here, in this process, and
 * stretched to the share of a core that its memory gets; its waiting is that of {@link Latency}.
 * Not safe for use by several threads.
 */
final class Invoices {
  /** Every function's memory, in MB, unless {@link #MEMORY} says another. */
  static final int USUAL_MEMORY = 512;

  /** The memory of those that nobody waits for and that only wait themselves. */
  static final Map<String, Integer> MEMORY = Map.of("launcher", 256, "relay", 256);

  /** With how many MB a function has one whole core (Lambda Developer Guide, "Memory"). */
  private static final double MB_OF_A_CORE = 1769;

  /** Lambda's own lines START, END and REPORT of one invocation, in bytes. */
  static final int PLATFORM_BYTES = 380;

  /** A line of a function's own in the JSON layout, with the request's fields, in bytes. */
  static final int LINE_BYTES = 450;

  /** What CloudWatch adds to each line (PutLogEvents). */
  static final int LINE_OVERHEAD = 26;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Meter meter;
  private final Map<String, Double> cpuMillis = new TreeMap<>();
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
    cpuMillis.merge(path.title() + " / " + function, cpu, Double::sum);
    int memory = MEMORY.getOrDefault(function, USUAL_MEMORY);
    double millis = Math.ceil(cpu * MB_OF_A_CORE / memory + meter.waited());
    meter.add(Billed.LAMBDA_REQUEST, 1);
    meter.add(Billed.LAMBDA_GB_SECOND, millis / 1000 * memory / 1024);
    double bytes =
        PLATFORM_BYTES + 3 * LINE_OVERHEAD + logged + (long) lines * (LINE_BYTES + LINE_OVERHEAD);
    meter.add(Billed.LOG_KILOBYTE, bytes / 1000);
  }

  /** The CPU time of each function on each path, in milliseconds. */
  Map<String, Double> cpuMillis() {
    return cpuMillis;
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
