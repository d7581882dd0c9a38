package dev.outpost.claim;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Catalogue;
import dev.outpost.agent.ModelProvider;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Claimed;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.run.Artifact;
import dev.outpost.run.Claim;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.Parent;
import dev.outpost.run.RunResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives a dispatch's job to the first runner that claims it, and to no other: at most one effective
 * task for each dispatch. Safe for use by many threads and processes.
 */
public final class ClaimJob {
  /** How long after its claim a runner may fetch what it continues: a clone comes before. */
  private static final Duration DOWNLOAD_TIME = Duration.ofMinutes(30);

  private final Dispatches dispatches;
  private final RunTokens tokens;
  private final Catalogue catalogue;
  private final Credentials credentials;
  private final ArtifactStore artifacts;
  private final Duration grace;
  private final Duration reportEvery;
  private final InstantSource clock;

  /**
   * The use case on these ports.
   *
   * @param grace how long an agent has between SIGTERM and SIGKILL
   * @param reportEvery how often runners report
   */
  public ClaimJob(
      Dispatches dispatches,
      RunTokens tokens,
      Catalogue catalogue,
      Credentials credentials,
      ArtifactStore artifacts,
      Duration grace,
      Duration reportEvery,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.credentials = Objects.requireNonNull(credentials, "credentials");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    this.grace = Objects.requireNonNull(grace, "grace");
    this.reportEvery = Objects.requireNonNull(reportEvery, "reportEvery");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** What a claimer is answered. */
  public sealed interface Outcome {
    /** The job is its own; asked again by the same claimant, the answer is the same. */
    record Granted(Job job) implements Outcome {}

    /** The token is wrong; nothing more is told. */
    record Denied() implements Outcome {}

    /** The job is not to be had (any more): the runner must end without touching anything. */
    record Taken(String why) implements Outcome {}
  }

  /** Answers a claim. */
  public Outcome claim(Claim claim) {
    Optional<DispatchId> id = DispatchId.parse(claim.dispatchId());
    if (id.isEmpty() || !tokens.isClaimToken(claim.token(), id.get(), claim.attempt())) {
      return new Outcome.Denied();
    }
    Claimed claimed = new Claimed(claim.claimant(), clock.instant());
    Change change =
        dispatches.change(
            id.get(), new DispatchEvent.Claiming(claim.attempt(), claimed, claim.taskArn()));
    return switch (change) {
      case Change.Changed c -> new Outcome.Granted(job(c.after(), claim.attempt()));
      case Change.Unchanged c -> new Outcome.Granted(job(c.dispatch(), claim.attempt()));
      case Change.Refused c -> new Outcome.Taken(c.why());
      case Change.NoSlot _, Change.Unknown _ -> new Outcome.Denied();
    };
  }

  private Job job(Dispatch dispatch, int attempt) {
    String agentId = dispatch.spec().agent();
    Agent agent =
        catalogue
            .find(agentId)
            .orElseThrow(() -> new IllegalStateException("no agent " + agentId + " any more"));
    Map<String, String> known = credentials.of(agent);
    Map<String, String> secrets = new HashMap<>(known);
    secrets.keySet().retainAll(agent.credentials());
    return new Job(
        dispatch.id().value(),
        attempt,
        tokens.reportToken(dispatch.id(), attempt),
        agent.id(),
        dispatch.spec().model(),
        dispatch.spec().task(),
        dispatch.spec().workspace(),
        dispatch.spec().parent().map(this::parent),
        dispatch.spec().outputSchema(),
        dispatch.spec().context(),
        agent.command(),
        agent.taskOnStdin(),
        agent.output(),
        agent.environment(),
        secrets,
        agent.files(),
        agent.provider().map(provider -> access(provider, known)),
        dispatch.spec().budget(),
        dispatch.spec().timeout(),
        grace,
        reportEvery);
  }

  /**
   * What the runner must have of the dispatch that it continues. Whether that can be continued was
   * asked at admission, and what has ended does not change.
   */
  private Parent parent(DispatchId id) {
    Dispatch earlier =
        dispatches
            .find(id)
            .orElseThrow(() -> new IllegalStateException("no dispatch " + id + " any more"));
    Optional<RunResult> told = earlier.state().told();
    return new Parent(
        id.value(),
        told.flatMap(RunResult::baseCommit),
        artifacts.downloadUrl(earlier, Artifact.Type.PATCH, DOWNLOAD_TIME),
        earlier.spec().task(),
        told.map(RunResult::summary).orElse(""));
  }

  private static ModelAccess access(ModelProvider provider, Map<String, String> known) {
    return new ModelAccess(
        provider.protocol(),
        provider.upstream(),
        provider.credential().map(known::get),
        provider.prices());
  }
}
