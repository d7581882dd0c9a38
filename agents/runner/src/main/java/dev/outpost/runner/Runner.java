package dev.outpost.runner;

import dev.outpost.run.Claim;
import dev.outpost.run.ContainerContract;
import dev.outpost.runner.gateway.ClaimAnswer;
import dev.outpost.runner.gateway.Gateway;
import dev.outpost.runner.gateway.Patience;
import dev.outpost.runner.log.LogSink;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.stop.StopSignal;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/** Claims a job and, when it is this runner's, runs it. Touches nothing before. */
final class Runner {
  private static final int CLAIMANT_BYTES = 16;

  private final RunnerConfig config;
  private final Patience patience;
  private final InstantSource clock;
  private final LogSink sink;
  private final StopSignal stop;

  Runner(
      RunnerConfig config, Patience patience, InstantSource clock, LogSink sink, StopSignal stop) {
    this.config = config;
    this.patience = patience;
    this.clock = clock;
    this.sink = sink;
    this.stop = stop;
  }

  /** Runs to the end and answers the process's exit code. */
  int run() {
    Gateway gateway = new Gateway(config.apiUrl(), patience, stop);
    Claim claim =
        new Claim(
            config.dispatchId(),
            config.attempt(),
            config.claimToken(),
            claimant(),
            OwnTask.arn(config.variables()));
    LogStream log = LogStream.ofRunner(sink, new Scrubber(List.of(config.claimToken())));
    return switch (gateway.claim(claim)) {
      case ClaimAnswer.Granted(var job) ->
          new Run(config, job, gateway, clock, sink, stop).execute();
      case ClaimAnswer.Refused(int status) -> {
        log.error("the claim was refused (" + status + "): nothing is done here");
        yield ContainerContract.EXIT_NOT_CLAIMED;
      }
      case ClaimAnswer.Unanswered(String why) -> {
        log.error("no job could be claimed: " + why);
        yield stop.isRaised() ? ContainerContract.EXIT_STOPPED : ContainerContract.EXIT_FAILED;
      }
    };
  }

  private static String claimant() {
    byte[] bytes = new byte[CLAIMANT_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
