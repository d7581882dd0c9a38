package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import dev.outpost.run.Parent;
import dev.outpost.run.Workspace;
import dev.outpost.runner.archive.ArchiveReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The directory that the agent works in, with what is known of it from before.
 *
 * @param path the directory
 * @param base what the agent's change is measured against
 */
public record WorkTree(Path path, Base base) {
  private static final Duration SHORT = Duration.ofMinutes(1);
  private static final Duration APPLY = Duration.ofMinutes(5);

  // The agent may commit: git wants a name for that.
  private static final String IDENTITY = "[user]\n\tname = Outpost\n\temail = outpost@localhost\n";

  /** The commit that was checked out, if there is one. */
  public Optional<String> baseCommit() {
    return base.commit();
  }

  /**
   * Brings the workspace into a new directory.
   *
   * @param path where; must not exist, its parent must
   * @param objects where to keep the base's objects; must not exist
   * @param limit how long a clone may take
   * @throws NotPrepared when the repository cannot be brought
   * @throws IOException when this machine fails
   */
  public static WorkTree prepare(
      Workspace workspace, Git git, Path path, Path objects, Duration limit)
      throws NotPrepared, IOException {
    bring(workspace, git, path, limit);
    return of(git, path, objects);
  }

  /**
   * The same at the commit that an earlier dispatch stood on, whatever its branch has become.
   *
   * @param parent the earlier dispatch
   */
  public static WorkTree prepare(
      Workspace workspace, Parent parent, Git git, Path path, Path objects, Duration limit)
      throws NotPrepared, IOException {
    Optional<Remote> remote = bring(workspace, git, path, limit);
    BaseCommit.goTo(parent.baseCommit(), remote, git.in(path), limit);
    return of(git, path, objects);
  }

  /**
   * The same with what an earlier run has left in the archive of its work tree: on the branch's
   * newest commit if its change applies there, and else on the commit that it stood on.
   *
   * @param archive the archive
   * @param patch where to write the change in it; what is there is replaced
   * @param notes is told in sentences what became of it
   */
  public static WorkTree prepare(
      Workspace workspace,
      ArchiveReader archive,
      Path patch,
      Git git,
      Path path,
      Path objects,
      Duration limit,
      Consumer<String> notes)
      throws NotPrepared, IOException {
    final Optional<String> base = archive.head(patch);
    Optional<Remote> remote = bring(workspace, git, path, limit);
    Git here = git.in(path);
    if (Files.size(patch) > 0) {
      String head = here.tryRead(SHORT, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
      if (!reapply(base, head, remote, patch, here, limit)) {
        goBack(base, remote, patch, here, limit);
        notes.accept(
            "the branch has moved on to "
                + head
                + ", where the workspace's changes do not apply: it stays on "
                + base.orElse("no commit"));
      }
    }
    notes.accept("the workspace brings " + archive.unpack(path) + " files");
    return of(git, path, objects);
  }

  /** Applies the change where the branch is now; whether that could be done. */
  private static boolean reapply(
      Optional<String> base,
      String head,
      Optional<Remote> remote,
      Path patch,
      Git here,
      Duration limit)
      throws IOException {
    if (base.filter(head::equals).isEmpty() && base.isPresent()) {
      // With the earlier commit git can tell what was changed there from what is changed here.
      BaseCommit.tryFetch(base.get(), remote, here, limit);
    }
    Git.Answer answer =
        here.run(APPLY, "apply", "--3way", "--whitespace=nowarn", "--", patch.toString());
    if (answer.isSuccess()) {
      // It is the agent's to say what it commits.
      here.read(SHORT, "reset", "--quiet");
      return true;
    }
    here.read(APPLY, "reset", "--quiet", "--hard");
    return false;
  }

  private static void goBack(
      Optional<String> base, Optional<Remote> remote, Path patch, Git here, Duration limit)
      throws NotPrepared, IOException {
    try {
      BaseCommit.goTo(base, remote, here, limit);
    } catch (NotPrepared e) {
      throw lost(e.failure().message());
    }
    Git.Answer answer = here.run(APPLY, "apply", "--whitespace=nowarn", "--", patch.toString());
    if (!answer.isSuccess()) {
      throw lost(lastLine(answer.complaint()));
    }
  }

  private static NotPrepared lost(String why) {
    return new NotPrepared(
        new Failure(
            Cause.CLONE_FAILED,
            "the workspace's changes apply to no commit that is there ("
                + why
                + "); delete the workspace to begin anew"));
  }

  private static Optional<Remote> bring(Workspace workspace, Git git, Path path, Duration limit)
      throws NotPrepared, IOException {
    Optional<RepositoryUrl> repository = workspace.repository().map(RepositoryUrl::of);
    if (repository.isEmpty() || workspace.init() == Workspace.Init.NONE) {
      initialise(repository, workspace, git, path);
      return Optional.empty();
    }
    Remote remote = Remote.of(repository.get(), workspace, git);
    clone(remote, path, limit);
    return Optional.of(remote);
  }

  private static WorkTree of(Git git, Path path, Path objects) throws IOException {
    Files.writeString(path.resolve(".git/config"), IDENTITY, UTF_8, StandardOpenOption.APPEND);
    return new WorkTree(path, baseOf(git.in(path), path, objects));
  }

  /**
   * Puts an earlier change into the tree, uncommitted. The base stays what it was, so that a patch
   * that is taken later has both.
   *
   * @param patch a patch on the base commit; may be empty
   * @throws NotPrepared when it does not apply
   */
  public void apply(Path patch, Git git) throws NotPrepared, IOException {
    if (Files.size(patch) == 0) {
      return;
    }
    Git.Answer answer =
        git.in(path).run(APPLY, "apply", "--whitespace=nowarn", "--", patch.toString());
    if (!answer.isSuccess()) {
      throw new NotPrepared(
          new Failure(
              Cause.FOLLOW_UP_FAILED,
              "the earlier dispatch's change does not apply to its base commit: "
                  + answer.complaint().lines().findFirst().orElse("git apply failed")));
    }
  }

  private static void initialise(
      Optional<RepositoryUrl> repository, Workspace workspace, Git git, Path path)
      throws NotPrepared, IOException {
    Files.createDirectory(path);
    expect(
        git.run(
            SHORT,
            "init",
            "--quiet",
            "--initial-branch=" + workspace.branch().orElse("main"),
            "--",
            path.toString()));
    if (repository.isPresent()) {
      expect(git.in(path).run(SHORT, "remote", "add", "--", "origin", repository.get().address()));
    }
  }

  private static void expect(Git.Answer answer) throws NotPrepared {
    if (!answer.isSuccess()) {
      throw new NotPrepared(
          new Failure(Cause.CLONE_FAILED, "git init failed: " + lastLine(answer.complaint())));
    }
  }

  private static void clone(Remote remote, Path path, Duration limit)
      throws NotPrepared, IOException {
    List<String> words = new ArrayList<>(List.of("clone", "--quiet", "--no-recurse-submodules"));
    Workspace workspace = remote.workspace();
    if (workspace.init() == Workspace.Init.MINIMAL) {
      words.addAll(List.of("--depth", "1", "--single-branch"));
    }
    workspace.branch().ifPresent(branch -> words.addAll(List.of("--branch", branch)));
    words.addAll(List.of("--", remote.repository().address(), path.toString()));
    Git.Answer answer = remote.run(limit, words);
    if (!answer.isSuccess()) {
      throw new NotPrepared(
          CloneFailure.of(answer, remote.repository(), remote.workspace(), limit));
    }
  }

  private static Base baseOf(Git git, Path path, Path objects) throws IOException {
    // Fails in a repository without a commit.
    String head = git.tryRead(SHORT, "rev-parse", "--verify", "--quiet", "HEAD^{commit}");
    String format = git.read(SHORT, "rev-parse", "--show-object-format");
    Base.copyObjects(path.resolve(".git/objects"), objects);
    return head.isEmpty()
        ? new Base(
            Optional.empty(),
            git.read(SHORT, "hash-object", "-t", "tree", "/dev/null"),
            format,
            objects)
        : new Base(Optional.of(head), head, format, objects);
  }

  private static String lastLine(String text) {
    return text.strip().lines().reduce("", (_, line) -> line);
  }
}
