package dev.outpost.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * All that the one effective runner of a dispatch is given, in the answer to its claim and nowhere
 * else.
 *
 * @param dispatchId the dispatch's id
 * @param attempt which launch of the dispatch this is, from 1
 * @param reportToken proves the runner in its reports
 * @param agent the agent's catalogue id
 * @param model the model's id, for an agent that has one
 * @param task the task's text
 * @param workspace where to work
 * @param parent the earlier dispatch that this one continues
 * @param archive the persistent workspace, for a run that works in one
 * @param outputSchema the JSON Schema of the data that the agent is to return
 * @param context the preamble's size, for an agent that takes one
 * @param standingContext what the tenant wants all its agents to know, where the run takes a
 *     preamble and the tenant has such a document
 * @param command the agent's command line; in each word the placeholders are replaced: <code>
 *     {task_file}</code>, <code>{model}</code>, and for an agent with model access <code>
 *     {gateway_url}</code> (no slash at its end) and <code>{gateway_key}</code>
 * @param taskOnStdin whether the task is given on standard input (which is closed after it);
 *     otherwise standard input is empty
 * @param output how the agent's standard output is read
 * @param environment variables for the agent that are no secret; placeholders as in the command
 * @param secrets variables for the agent that are; redacted from all that leaves the run
 * @param files what the agent finds in its HOME at its start: texts by their path there;
 *     placeholders as in the command
 * @param access the way to the model, which the runner keeps from the agent
 * @param budget what may be consumed on that way
 * @param timeout how long the agent may run, from its start
 * @param grace how long the agent has between SIGTERM and SIGKILL
 * @param reportEvery how often the runner reports while the agent runs, which is also how soon it
 *     hears of a cancel
 */
public record Job(
    String dispatchId,
    int attempt,
    String reportToken,
    String agent,
    Optional<String> model,
    String task,
    Workspace workspace,
    Optional<Parent> parent,
    Optional<WorkspaceArchive> archive,
    Optional<String> outputSchema,
    Optional<Context> context,
    Optional<String> standingContext,
    List<String> command,
    boolean taskOnStdin,
    Output output,
    Map<String, String> environment,
    Map<String, String> secrets,
    Map<String, String> files,
    Optional<ModelAccess> access,
    Budget budget,
    Duration timeout,
    Duration grace,
    Duration reportEvery) {
  /** Copies the collections. */
  public Job {
    Objects.requireNonNull(dispatchId, "dispatchId");
    Objects.requireNonNull(reportToken, "reportToken");
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(workspace, "workspace");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(outputSchema, "outputSchema");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(standingContext, "standingContext");
    command = List.copyOf(command);
    Objects.requireNonNull(output, "output");
    environment = Map.copyOf(environment);
    secrets = Map.copyOf(secrets);
    files = Map.copyOf(files);
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(grace, "grace");
    Objects.requireNonNull(reportEvery, "reportEvery");
  }

  /** Names no secret and no text of the tenant's, so that a job may be logged by mistake. */
  @Override
  public String toString() {
    return "Job[" + dispatchId + "#" + attempt + " " + agent + "]";
  }

  /** How an agent's standard output is read. */
  public enum Output {
    /** Lines of text: each is a log line, the last is the summary. */
    TEXT,
    /** The stream-json of claude, which grok's streaming-messages-json shares. */
    CLAUDE_STREAM_JSON,
    /** The events of {@code codex exec --json}. */
    CODEX_JSON,
    /** The events of {@code gemini -o stream-json}. */
    GEMINI_STREAM_JSON
  }
}
