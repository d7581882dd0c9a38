package dev.outpost.promote;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.DispatchState;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.run.Artifact;
import dev.outpost.run.Failure;
import dev.outpost.run.RunResult;
import dev.outpost.tenant.GitTokens;
import dev.outpost.tenant.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Pushes what a dispatch has changed as a commit on a new branch, and opens a pull request for it.
 * It needs nothing but the record and the artifacts, so it works as long as those are kept. Asked
 * again it finds what it has done. Safe for use by many threads.
 */
public final class Promote {
  private static final Duration READ = Duration.ofMinutes(5);
  private static final int TITLE = 72;

  private final Dispatches dispatches;
  private final ArtifactStore artifacts;
  private final Fetch fetch;
  private final Branches branches;
  private final PullRequests pullRequests;
  private final GitTokens tokens;

  /** The use case on these ports. */
  public Promote(
      Dispatches dispatches,
      ArtifactStore artifacts,
      Fetch fetch,
      Branches branches,
      PullRequests pullRequests,
      GitTokens tokens) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    this.fetch = Objects.requireNonNull(fetch, "fetch");
    this.branches = Objects.requireNonNull(branches, "branches");
    this.pullRequests = Objects.requireNonNull(pullRequests, "pullRequests");
    this.tokens = Objects.requireNonNull(tokens, "tokens");
  }

  /** Reads what a short-lived URL leads to. */
  @FunctionalInterface
  public interface Fetch {
    /** The bytes behind the URL, opened when they are needed. */
    Branches.Content of(String url);
  }

  /**
   * What is asked for.
   *
   * @param dispatch whose change
   * @param branch the new branch's name; {@link #branchOf} where it is empty
   * @param pullRequest whether a pull request is wanted
   * @param title the commit's and the pull request's first line; the task's begin where it is empty
   * @param body the text below it
   */
  public record Wish(
      DispatchId dispatch,
      Optional<String> branch,
      boolean pullRequest,
      Optional<String> title,
      Optional<String> body) {
    /** Refuses nulls. */
    public Wish {
      Objects.requireNonNull(dispatch, "dispatch");
      Objects.requireNonNull(branch, "branch");
      Objects.requireNonNull(title, "title");
      Objects.requireNonNull(body, "body");
    }
  }

  /** What came of it. */
  public sealed interface Outcome {
    /**
     * The branch is there.
     *
     * @param branch its name
     * @param push the commit it leads to
     * @param pullRequest the pull request, if one was wanted
     */
    record Promoted(
        String branch, Branches.Push.Pushed push, Optional<PullRequests.Opening> pullRequest)
        implements Outcome {}

    /** The tenant has no such dispatch. */
    record NotFound() implements Outcome {}

    /** There is nothing to promote, and there will be nothing, or not yet; a sentence says why. */
    record Unfit(String why) implements Outcome {}

    /** The branch leads elsewhere. */
    record Conflict(String branch, String commit) implements Outcome {}

    /** The repository's host did not take it. */
    record Failed(Failure why) implements Outcome {}
  }

  /** The branch of a dispatch whose promotion names none. */
  public static String branchOf(DispatchId id) {
    return "outpost/" + id.value();
  }

  /** Promotes. */
  public Outcome promote(Principal principal, Wish wish) {
    // Another tenant's dispatch must answer exactly like an unknown one.
    Optional<Dispatch> found =
        dispatches.find(wish.dispatch()).filter(d -> d.tenantId().equals(principal.tenantId()));
    if (found.isEmpty()) {
      return new Outcome.NotFound();
    }
    Dispatch dispatch = found.get();
    if (!(dispatch.state() instanceof DispatchState.Ended ended)) {
      return new Outcome.Unfit(
          "The dispatch has not ended, its status is " + dispatch.status().wire() + ".");
    }
    Optional<String> repository = dispatch.spec().workspace().repository();
    Optional<String> base = ended.result().flatMap(RunResult::baseCommit);
    if (repository.isEmpty() || base.isEmpty()) {
      return new Outcome.Unfit("The dispatch had no repository with a commit to build on.");
    }
    if (ended.result().filter(Promote::hasChange).isEmpty()) {
      return new Outcome.Unfit("The dispatch has changed nothing.");
    }
    Optional<String> token = tokens.token(dispatch.tenantId(), repository.get());
    if (wish.pullRequest() && (token.isEmpty() || !pullRequests.knows(repository.get()))) {
      return new Outcome.Unfit(
          "A pull request needs a repository on GitHub and a token for it (the secret "
              + GitTokens.NAME
              + ").");
    }
    return push(wish, dispatch, ended, repository.get(), base.get(), token);
  }

  private Outcome push(
      Wish wish,
      Dispatch dispatch,
      DispatchState.Ended ended,
      String repository,
      String base,
      Optional<String> token) {
    String branch = wish.branch().orElse(branchOf(dispatch.id()));
    String title = wish.title().orElse(title(dispatch));
    String body = wish.body().orElse("");
    String trailer = "Outpost-Dispatch: " + dispatch.id().value();
    Branches.Push push =
        branches.push(
            new Branches.Order(
                repository,
                token,
                base,
                fetch.of(artifacts.downloadUrl(dispatch, Artifact.Type.PATCH, READ)),
                branch,
                title + "\n\n" + (body.isBlank() ? "" : body.strip() + "\n\n") + trailer + "\n",
                ended.at()));
    return switch (push) {
      case Branches.Push.Taken taken -> new Outcome.Conflict(branch, taken.commit());
      case Branches.Push.Failed failed -> new Outcome.Failed(failed.why());
      case Branches.Push.Pushed pushed ->
          new Outcome.Promoted(
              branch,
              pushed,
              wish.pullRequest()
                  ? Optional.of(
                      pullRequests.open(
                          new PullRequests.Draft(
                              repository,
                              token.orElseThrow(),
                              branch,
                              dispatch.spec().workspace().branch(),
                              title,
                              body.isBlank() ? trailer : body.strip() + "\n\n" + trailer)))
                  : Optional.empty());
    };
  }

  private static boolean hasChange(RunResult result) {
    return result.artifacts().stream()
        .anyMatch(a -> a.type() == Artifact.Type.PATCH && a.sizeBytes() > 0);
  }

  /** The task's first line, as far as it fits one. */
  private static String title(Dispatch dispatch) {
    String line = dispatch.spec().task().strip().lines().findFirst().orElse("").strip();
    return line.length() <= TITLE ? line : line.substring(0, TITLE - 1).stripTrailing() + "…";
  }
}
