package dev.outpost.machine;

import dev.outpost.cli.agents.AgentsDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a machine is to run.
 *
 * @param data where it keeps everything
 * @param port the port of its HTTP API on the loopback interface; 0 for any free one
 * @param environment where agents' programs and credentials are looked for
 * @param runnerCommand the command line of the runner
 * @param reportEvery how often runners report, which is how soon they hear of a cancel
 * @param grace how long an agent has between SIGTERM and SIGKILL
 * @param reconcileEvery the reconciler's period
 * @param launches whether dispatches are launched; a benchmark of admission leaves them waiting
 * @param listener hears of each dispatch's new status, as the JSON event of the lifecycle bus
 * @param clock the time
 */
record MachineConfig(
    DataDirectory data,
    int port,
    Map<String, String> environment,
    List<String> runnerCommand,
    Duration reportEvery,
    Duration grace,
    Duration reconcileEvery,
    boolean launches,
    Consumer<String> listener,
    InstantSource clock) {
  /** Enough for an agent to end in order, and short enough to wait for. */
  static final Duration USUAL_GRACE = Duration.ofSeconds(10);

  /** A report costs nothing here, and a cancel is heard of within it. */
  static final Duration USUAL_REPORT = Duration.ofSeconds(1);

  /** A round costs nothing here. */
  static final Duration USUAL_RECONCILE = Duration.ofSeconds(15);

  MachineConfig {
    Objects.requireNonNull(data, "data");
    environment = Map.copyOf(environment);
    runnerCommand = List.copyOf(runnerCommand);
    Objects.requireNonNull(reportEvery, "reportEvery");
    Objects.requireNonNull(grace, "grace");
    Objects.requireNonNull(reconcileEvery, "reconcileEvery");
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(clock, "clock");
  }

  /** A machine as {@code outpost up} runs it. */
  static MachineConfig usual(DataDirectory data, int port) {
    return new MachineConfig(
        data,
        port,
        AgentsDirectory.of(System.getenv(), data.path()).onPath(System.getenv()),
        RunnerCommand.ofThisProcess(),
        USUAL_REPORT,
        USUAL_GRACE,
        USUAL_RECONCILE,
        true,
        _ -> {},
        InstantSource.system());
  }

  /** The same with that listener. */
  MachineConfig heardBy(Consumer<String> ear) {
    return new MachineConfig(
        data,
        port,
        environment,
        runnerCommand,
        reportEvery,
        grace,
        reconcileEvery,
        launches,
        ear,
        clock);
  }

  /** The same, but dispatches stay waiting. */
  MachineConfig withoutLaunches() {
    return new MachineConfig(
        data,
        port,
        environment,
        runnerCommand,
        reportEvery,
        grace,
        reconcileEvery,
        false,
        listener,
        clock);
  }
}
