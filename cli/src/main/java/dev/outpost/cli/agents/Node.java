package dev.outpost.cli.agents;

import dev.outpost.cli.agents.PinnedPrograms.NpmPackage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine's own Node.js. */
final class Node {
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.\\d+\\.\\d+");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Node() {}

  /** How to start it, unless it is missing or older than the wanted one's major version. */
  static Optional<String> ofMachine(NpmPackage wanted, Map<String, String> environment)
      throws InterruptedException {
    // Asked for its own path: the name alone may mean another one on the agents' PATH.
    Tool.Ended told =
        Tool.run(
            List.of("node", "-p", "process.version + ' ' + process.execPath"),
            environment,
            PATIENCE);
    Matcher version = VERSION.matcher(told.output());
    if (!told.isGood()
        || !version.lookingAt()
        || Integer.parseInt(version.group(1)) < wanted.major()) {
      return Optional.empty();
    }
    return Optional.of(told.output().substring(version.end()).strip());
  }
}
