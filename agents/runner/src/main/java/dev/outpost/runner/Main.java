package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.ContainerContract;
import dev.outpost.runner.gateway.Patience;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.stop.StopSignal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** Starts a runner in its process. The exit codes are those of {@link ContainerContract}. */
public final class Main {
  private Main() {}

  /** Takes no arguments: all it needs is in its environment. */
  public static void main(String[] arguments) {
    RunnerConfig config;
    try {
      config = RunnerConfig.of(System.getenv());
    } catch (IllegalArgumentException e) {
      new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8)
          .println("outpost-runner: " + e.getMessage());
      System.exit(ContainerContract.EXIT_FAILED);
      return;
    }
    StopSignal stop = new StopSignal();
    CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  // On SIGTERM the JVM would end with 143 as soon as its hooks have: this one waits
                  // until all is saved and told, and then ends with the code that says what was.
                  stop.raise(StopSignal.Reason.TERMINATED);
                  Runtime.getRuntime().halt(exitCode.join());
                },
                "on-termination"));
    LogSink log = new LogSink(new FileOutputStream(FileDescriptor.out), InstantSource.system());
    int code = ContainerContract.EXIT_FAILED;
    try {
      code = new Runner(config, Patience.USUAL, InstantSource.system(), log, stop).run();
    } finally {
      exitCode.complete(code);
    }
    System.exit(code);
  }
}
