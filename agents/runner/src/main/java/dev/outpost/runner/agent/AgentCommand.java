package dev.outpost.runner.agent;

import dev.outpost.run.ContainerContract;
import dev.outpost.run.Job;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is run for a job.
 *
 * @param words the command line
 * @param environment all of the agent's variables
 * @param directory where it starts
 * @param input a file for its standard input; otherwise that is empty
 * @param user whom it runs as, where that is another than the runner
 */
public record AgentCommand(
    List<String> words,
    Map<String, String> environment,
    Path directory,
    Optional<Path> input,
    Optional<AgentUser> user) {
  /** Where programs are on any machine. */
  static final String USUAL_PATH = "/usr/local/bin:/usr/bin:/bin";

  /** Copies the collections. */
  public AgentCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /** Names no variable's value. */
  @Override
  public String toString() {
    return "AgentCommand" + words;
  }

  /**
   * The command of a job. The environment is made from nothing: of the runner's own only PATH and
   * LANG go in.
   *
   * <p>Without a user of its own the agent can read the runner's own variables in {@code /proc},
   * and with them the claim token. That one is good for one claim by one claimant, which is over
   * before the agent starts; the report token and the key to the model are in no variable.
   *
   * @param pattern its command line, the job's own or the one that resumes a conversation
   * @param placeholders what stands for the placeholders of the job, the task's file among them
   * @param taskFile where the task's text is
   * @param home an empty directory of this run
   * @param temporary another one
   * @param inherited the runner's own variables; they may name the agent's user
   */
  public static AgentCommand of(
      Job job,
      List<String> pattern,
      Placeholders placeholders,
      Path directory,
      Path taskFile,
      Path home,
      Path temporary,
      Map<String, String> inherited) {
    List<String> words = pattern.stream().map(placeholders::in).toList();
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", inherited.getOrDefault("PATH", USUAL_PATH));
    environment.put("LANG", inherited.getOrDefault("LANG", "C.UTF-8"));
    environment.put("TERM", "dumb");
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", temporary.toString());
    job.environment().forEach((name, value) -> environment.put(name, placeholders.in(value)));
    environment.putAll(job.secrets());
    environment.put(ContainerContract.DISPATCH_ID, job.dispatchId());
    if (job.outputSchema().isPresent()) {
      environment.put(ContainerContract.OUTPUT, outputFile(temporary).toString());
    }
    return new AgentCommand(
        words,
        environment,
        directory,
        job.taskOnStdin() ? Optional.of(taskFile) : Optional.empty(),
        AgentUser.of(inherited));
  }

  /** Where an agent that is to return data writes it: outside the work tree, where it may write. */
  public static Path outputFile(Path temporary) {
    return temporary.resolve("outpost-output.json");
  }

  /** The agent's PATH. */
  String searchPath() {
    return environment.getOrDefault("PATH", USUAL_PATH);
  }
}
