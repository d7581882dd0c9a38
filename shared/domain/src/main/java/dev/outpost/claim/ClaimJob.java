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
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Claim;
import dev.outpost.run.Failure;
import dev.outpost.run.Job;
import dev.outpost.run.ModelAccess;
import dev.outpost.run.Parent;
import dev.outpost.run.RunResult;
import dev.outpost.run.WorkspaceArchive;
import dev.outpost.tenant.OwnSecrets;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.Workspaces;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

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
  private final Supplies supplies;
  private final ArtifactStore artifacts;
  private final Workspaces workspaces;
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
      Supplies supplies,
      ArtifactStore artifacts,
      Workspaces workspaces,
      Duration grace,
      Duration reportEvery,
      InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.supplies = Objects.requireNonNull(supplies, "supplies");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    this.workspaces = Objects.requireNonNull(workspaces, "workspaces");
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
      case Change.Changed c -> grant(c.after(), claim.attempt());
      case Change.Unchanged c -> grant(c.dispatch(), claim.attempt());
      case Change.Refused c -> new Outcome.Taken(c.why());
      case Change.NoSlot _, Change.Unknown _ -> new Outcome.Denied();
    };
  }

  private Outcome grant(Dispatch dispatch, int attempt) {
    Agent agent = agent(dispatch);
    OwnSecrets own = supplies.own(dispatch, agent);
    List<String> gone =
        dispatch.spec().secrets().stream().filter(name -> own.value(name).isEmpty()).toList();
    return gone.isEmpty()
        ? new Outcome.Granted(job(dispatch, attempt, agent, own))
        : without(gone, dispatch, attempt);
  }

  /**
   * A secret that was there at admission has been deleted since. An agent that lacks what it was
   * promised would only spend money on finding that out, so the run ends before it begins, and the
   * dispatch says why.
   */
  private Outcome without(List<String> gone, Dispatch dispatch, int attempt) {
    String why =
        "the dispatch asks for secrets that the tenant has deleted: " + String.join(", ", gone);
    RunResult result =
        new RunResult(
            Optional.of(new Failure(Cause.SECRET_MISSING, why)),
            OptionalInt.empty(),
            "",
            Optional.empty(),
            Optional.empty(),
            0,
            List.of());
    var _ =
        dispatches.change(
            dispatch.id(), new DispatchEvent.Finished(attempt, clock.instant(), result));
    return new Outcome.Taken("There is nothing to run: " + why + ".");
  }

  private Agent agent(Dispatch dispatch) {
    String agentId = dispatch.spec().agent();
    return catalogue
        .find(agentId)
        .orElseThrow(() -> new IllegalStateException("no agent " + agentId + " any more"));
  }

  private Job job(Dispatch dispatch, int attempt, Agent agent, OwnSecrets own) {
    Spec spec = dispatch.spec();
    Map<String, String> known = supplies.credentials(agent, own);
    Map<String, String> secrets = new HashMap<>(known);
    secrets.keySet().retainAll(agent.credentials());
    spec.secrets().forEach(name -> secrets.put(name, own.value(name).orElseThrow()));
    return new Job(
        dispatch.id().value(),
        attempt,
        tokens.reportToken(dispatch.id(), attempt),
        agent.id(),
        spec.model(),
        spec.task(),
        supplies.opened(spec.workspace(), own),
        spec.parent().map(this::parent),
        dispatch.holdsWorkspace().map(_ -> archive(workspaces.open(dispatch, clock.instant()))),
        spec.outputSchema(),
        spec.context(),
        supplies.document(dispatch),
        agent.command(),
        agent.taskOnStdin(),
        agent.output(),
        agent.environment(),
        secrets,
        agent.files(),
        agent.provider().map(provider -> access(provider, known)),
        spec.budget(),
        spec.timeout(),
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

  /** A store that does not show what it has not would say the same of what is not there yet. */
  private WorkspaceArchive archive(KeptWorkspace workspace) {
    return new WorkspaceArchive(
        workspace.id().value(),
        workspace.name(),
        workspace.sizeBytes() == 0
            ? Optional.empty()
            : Optional.of(artifacts.downloadUrl(workspace, DOWNLOAD_TIME)));
  }

  private static ModelAccess access(ModelProvider provider, Map<String, String> known) {
    return new ModelAccess(
        provider.protocol(),
        provider.upstream(),
        provider.credential().map(known::get),
        provider.prices());
  }
}
