package dev.outpost.runner.output;

import dev.outpost.run.Usage;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.util.Optional;

/** Lines of text: each is a log line, the last that is not blank is the summary. */
final class TextOutput extends AgentOutput {
  private String last = "";

  TextOutput(LogStream log, Scrubber scrubber) {
    super(log, scrubber);
  }

  @Override
  void read(String line) {
    log().info(line);
    if (!line.isBlank()) {
      last = line.strip();
    }
  }

  @Override
  Optional<Usage> consumed() {
    return Optional.empty();
  }

  @Override
  Verdict judge(int exitCode) {
    return new Verdict(
        exitCode == 0 ? Optional.empty() : Optional.of(exitFailure(exitCode)),
        scrubbed(last),
        Optional.empty());
  }
}
