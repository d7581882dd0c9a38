package dev.outpost.dispatch;

import dev.outpost.agent.Agent;
import dev.outpost.agent.TaskSize;
import dev.outpost.run.Budget;
import dev.outpost.run.Context;
import dev.outpost.run.Workspace;
import dev.outpost.workspace.Booking;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client asked for, checked and with its defaults filled in. Never changes.
 *
 * @param agent the agent's id
 * @param model the model's id, for an agent that has models
 * @param task the task, 10 to 50,000 characters
 * @param repo the repository as the client wrote it: {@code owner/name} or a URL
 * @param workspace the same, as the runner needs it
 * @param context the preamble's size, for an agent that takes one
 * @param timeout how long the agent may run
 * @param size the task's size where the client asked for another than the agent's
 * @param tags the client's own labels
 * @param expiresAt when the client no longer wants it started
 * @param budget what it may consume at its model's provider
 * @param parent the tenant's earlier dispatch that it continues
 * @param fallback ids of the agents that are to try it after a retryable failure, in order
 * @param outputSchema the JSON Schema of the data that is to come back; an empty text where the
 *     dispatch was read without its whole task
 * @param secrets names of the tenant's secrets that the agent is to have; never a value
 * @param booking the persistent workspace that it works in, where it is to have one
 */
public record Spec(
    String agent,
    Optional<String> model,
    String task,
    Optional<String> repo,
    Workspace workspace,
    Optional<Context> context,
    Duration timeout,
    Optional<TaskSize> size,
    Map<String, String> tags,
    Optional<Instant> expiresAt,
    Budget budget,
    Optional<DispatchId> parent,
    List<String> fallback,
    Optional<String> outputSchema,
    List<String> secrets,
    Optional<Booking> booking) {
  /** How many agents may stand by at most. */
  public static final int MAX_FALLBACK = 4;

  /** How many secrets a dispatch may name. */
  public static final int MAX_SECRETS = 20;

  /** Copies the collections. */
  public Spec {
    Objects.requireNonNull(agent, "agent");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(repo, "repo");
    Objects.requireNonNull(workspace, "workspace");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(size, "size");
    tags = Map.copyOf(tags);
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(budget, "budget");
    Objects.requireNonNull(parent, "parent");
    fallback = List.copyOf(fallback);
    Objects.requireNonNull(outputSchema, "outputSchema");
    secrets = List.copyOf(secrets);
    Objects.requireNonNull(booking, "booking");
  }

  /**
   * The same, continuing nothing, with no agent standing by, no data returned, no secrets, and no
   * workspace.
   */
  public Spec(
      String agent,
      Optional<String> model,
      String task,
      Optional<String> repo,
      Workspace workspace,
      Optional<Context> context,
      Duration timeout,
      Optional<TaskSize> size,
      Map<String, String> tags,
      Optional<Instant> expiresAt,
      Budget budget) {
    this(
        agent,
        model,
        task,
        repo,
        workspace,
        context,
        timeout,
        size,
        tags,
        expiresAt,
        budget,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** The same without a bound of what it may consume. */
  public Spec(
      String agent,
      Optional<String> model,
      String task,
      Optional<String> repo,
      Workspace workspace,
      Optional<Context> context,
      Duration timeout,
      Optional<TaskSize> size,
      Map<String, String> tags,
      Optional<Instant> expiresAt) {
    this(agent, model, task, repo, workspace, context, timeout, size, tags, expiresAt, Budget.NONE);
  }

  /**
   * The same wish of another agent: with that agent's usual model, and with a preamble where it
   * takes one. Where its workspace is in use it waits, for nobody is there to be told.
   *
   * @param standby who is to try after that agent
   */
  public Spec handedTo(Agent other, List<String> standby) {
    return new Spec(
        other.id(),
        other.defaultModel(),
        task,
        repo,
        workspace,
        other.takesContext() ? Optional.of(context.orElse(Context.STANDARD)) : Optional.empty(),
        timeout,
        size,
        tags,
        expiresAt,
        budget,
        parent,
        standby,
        outputSchema,
        secrets,
        booking.map(Booking::waiting));
  }
}
