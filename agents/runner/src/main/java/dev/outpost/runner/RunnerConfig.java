package dev.outpost.runner;

import dev.outpost.run.ContainerContract;
import dev.outpost.runner.agent.AgentUser;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the launcher gives a runner.
 *
 * @param apiUrl base URL of the runner gateway
 * @param dispatchId the dispatch to claim
 * @param attempt which launch of it, from 1
 * @param claimToken good for one claim
 * @param workDirectory an empty directory to work in; a fresh temporary one when absent
 * @param variables all variables of this process
 */
record RunnerConfig(
    URI apiUrl,
    String dispatchId,
    int attempt,
    String claimToken,
    Optional<Path> workDirectory,
    Map<String, String> variables) {
  RunnerConfig {
    variables = Map.copyOf(variables);
  }

  /** Shows no token. */
  @Override
  public String toString() {
    return "RunnerConfig[" + dispatchId + "#" + attempt + "]";
  }

  /**
   * Reads the variables of {@link ContainerContract}.
   *
   * @throws IllegalArgumentException naming each variable that is missing or wrong
   */
  static RunnerConfig of(Map<String, String> variables) {
    List<String> wrong = new ArrayList<>();
    for (String name :
        List.of(
            ContainerContract.API_URL,
            ContainerContract.DISPATCH_ID,
            ContainerContract.ATTEMPT,
            ContainerContract.CLAIM_TOKEN)) {
      if (variables.getOrDefault(name, "").isBlank()) {
        wrong.add(name + " is missing");
      }
    }
    String url = variables.getOrDefault(ContainerContract.API_URL, "");
    if (!url.isBlank() && !url.matches("https?://[^\\s]+")) {
      wrong.add(ContainerContract.API_URL + " is no http or https URL");
    }
    String attempt = variables.getOrDefault(ContainerContract.ATTEMPT, "");
    if (!attempt.isBlank() && !attempt.matches("[1-9]\\d{0,8}")) {
      wrong.add(ContainerContract.ATTEMPT + " is no number from 1");
    }
    try {
      AgentUser.of(variables);
    } catch (IllegalArgumentException e) {
      wrong.add(e.getMessage());
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    return new RunnerConfig(
        URI.create(url),
        variables.get(ContainerContract.DISPATCH_ID),
        Integer.parseInt(attempt),
        variables.get(ContainerContract.CLAIM_TOKEN),
        Optional.ofNullable(variables.get(ContainerContract.WORK_DIR))
            .filter(directory -> !directory.isBlank())
            .map(Path::of),
        variables);
  }
}
