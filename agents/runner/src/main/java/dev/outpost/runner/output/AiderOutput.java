package dev.outpost.runner.output;

import dev.outpost.run.Failure;
import dev.outpost.run.Usage;
import dev.outpost.runner.log.LogStream;
import dev.outpost.runner.scrub.Scrubber;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What aider prints: text, of which the last line is the summary. It ends with exit code 0 whatever
 * its last call of the model came to, so a success has no error of a call behind the last usage
 * line. An error is one line that begins with the name of LiteLLM's exception (aider's {@code
 * exceptions.py} has the list, {@code base_coder.py} prints it), or says that a limit of tokens was
 * hit; {@code Tokens: … sent, … received} comes after every call that was answered.
 */
final class AiderOutput extends AgentOutput {
  private static final Pattern ERROR =
      Pattern.compile("litellm\\.(?:exceptions\\.)?([A-Za-z]+(?:Error)|Timeout): .*");

  private static final Pattern LIMIT = Pattern.compile("Model .* has hit a token limit!");
  private static final Pattern ANSWERED = Pattern.compile("Tokens: .* sent, .* received\\..*");

  /** The HTTP status that LiteLLM has each exception of; a lost connection is a 500 there too. */
  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          Map.entry("AuthenticationError", 401),
          Map.entry("PermissionDeniedError", 403),
          Map.entry("NotFoundError", 404),
          Map.entry("RateLimitError", 429),
          Map.entry("RouterRateLimitError", 429),
          Map.entry("APIConnectionError", 500),
          Map.entry("APIError", 500),
          Map.entry("InternalServerError", 500),
          Map.entry("OpenAIError", 500),
          Map.entry("ServiceUnavailableError", 503),
          Map.entry("Timeout", 504));

  private String last = "";
  private Optional<Failure> failed = Optional.empty();

  AiderOutput(LogStream log, Scrubber scrubber) {
    super(log, scrubber);
  }

  @Override
  void read(String line) {
    log().info(line);
    String stripped = line.strip();
    if (stripped.isEmpty()) {
      return;
    }
    last = stripped;
    Matcher error = ERROR.matcher(stripped);
    if (error.matches()) {
      Integer status = STATUS.get(error.group(1));
      failed =
          Optional.of(
              fault(status == null ? OptionalInt.empty() : OptionalInt.of(status), stripped));
    } else if (LIMIT.matcher(stripped).matches()) {
      failed = Optional.of(fault(OptionalInt.empty(), stripped));
    } else if (ANSWERED.matcher(stripped).matches()) {
      failed = Optional.empty();
    }
  }

  @Override
  Optional<Usage> consumed() {
    return Optional.empty();
  }

  @Override
  Verdict judge(int exitCode) {
    Optional<Failure> failure =
        failed.isPresent() || exitCode == 0 ? failed : Optional.of(exitFailure(exitCode));
    return new Verdict(failure, scrubbed(last), Optional.empty());
  }
}
