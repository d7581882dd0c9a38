package dev.outpost.functions.api.promote;

import dev.outpost.promote.Branches;
import dev.outpost.run.Cause;
import dev.outpost.run.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.patch.Patch;
import org.eclipse.jgit.patch.PatchApplier;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.util.SystemReader;

/**
 * Branches by JGit: pure Java, so that no hook, filter or configuration of anybody's can run. The
 * base commit alone is fetched, the patch is applied to its tree without a work tree, and the
 * commit's author and times are fixed, so that the same order makes the same commit. Safe for use
 * by many threads.
 */
public final class JgitBranches implements Branches {
  /** How long the other side may be silent. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final String BASE = "refs/outpost/base";

  /** What GitHub takes with a token; other hosts do not look at it. */
  private static final String USER = "x-access-token";

  private final Path scratch;

  /**
   * Working in that directory.
   *
   * @param scratch an existing directory for what is fetched; each call removes its own
   */
  public JgitBranches(Path scratch) {
    this.scratch = Objects.requireNonNull(scratch, "scratch");
    SystemReader.setInstance(new NoConfiguration(SystemReader.getInstance()));
  }

  @Override
  public Push push(Order order) {
    Path directory = null;
    try {
      directory = Files.createTempDirectory(scratch, "promote");
      try (Repository repository =
          new FileRepositoryBuilder().setGitDir(directory.toFile()).setBare().build()) {
        repository.create(true);
        return push(order, repository);
      }
    } catch (NoRemoteRepositoryException _) {
      return failed(Cause.REPO_NOT_FOUND, "There is no such repository, or no access to it.");
    } catch (TransportException e) {
      return failed(Cause.PUSH_FAILED, "The repository's host refused: " + words(e));
    } catch (IOException | URISyntaxException e) {
      return failed(Cause.PUSH_FAILED, "The branch could not be made: " + words(e));
    } finally {
      remove(directory);
    }
  }

  private static Push push(Order order, Repository repository)
      throws IOException, URISyntaxException {
    ObjectId base = ObjectId.fromString(order.base());
    if (!fetch(order, repository, base)) {
      return failed(
          Cause.PUSH_FAILED, "The commit " + order.base() + " is not in the repository any more.");
    }
    ObjectId commit;
    try (ObjectInserter inserter = repository.newObjectInserter();
        RevWalk walk = new RevWalk(repository);
        InputStream content = order.patch().open()) {
      RevCommit parent = walk.parseCommit(base);
      Patch patch = new Patch();
      patch.parse(content);
      PatchApplier.Result applied =
          new PatchApplier(repository, parent.getTree(), inserter).applyPatch(patch);
      if (!patch.getErrors().isEmpty() || !applied.getErrors().isEmpty()) {
        return failed(Cause.PUSH_FAILED, "The change does not apply on its base commit.");
      }
      PersonIdent outpost =
          new PersonIdent("Outpost", "outpost@localhost", order.at(), ZoneOffset.UTC);
      CommitBuilder builder = new CommitBuilder();
      builder.setTreeId(applied.getTreeId());
      builder.setParentId(base);
      builder.setAuthor(outpost);
      builder.setCommitter(outpost);
      builder.setMessage(order.message());
      commit = inserter.insert(builder);
      inserter.flush();
    }
    return push(order, repository, commit);
  }

  /** Brings the base commit: alone where the host gives single commits, else with all branches. */
  private static boolean fetch(Order order, Repository repository, ObjectId base)
      throws IOException, URISyntaxException {
    try (Transport transport = open(order, repository)) {
      transport.setDepth(1);
      transport.fetch(NullProgressMonitor.INSTANCE, List.of(new RefSpec(base.name() + ":" + BASE)));
      return true;
    } catch (NoRemoteRepositoryException e) {
      throw e;
    } catch (TransportException _) {
      // Some hosts give only what a branch points to.
    }
    try (Transport transport = open(order, repository)) {
      transport.fetch(
          NullProgressMonitor.INSTANCE, List.of(new RefSpec("+refs/heads/*:refs/remotes/o/*")));
    }
    return repository.getObjectDatabase().has(base);
  }

  private static Transport open(Order order, Repository repository)
      throws IOException, URISyntaxException {
    Transport transport = Transport.open(repository, new URIish(order.repository()));
    transport.setTimeout(Math.toIntExact(SILENCE.toSeconds()));
    transport.setTagOpt(TagOpt.NO_TAGS);
    order
        .token()
        .ifPresent(
            token ->
                transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(USER, token)));
    return transport;
  }

  private static Push push(Order order, Repository repository, ObjectId commit)
      throws IOException, URISyntaxException {
    String name = "refs/heads/" + order.branch();
    RemoteRefUpdate update =
        new RemoteRefUpdate(repository, null, commit, name, false, null, ObjectId.zeroId());
    PushResult result;
    try (Transport transport = open(order, repository)) {
      result = transport.push(NullProgressMonitor.INSTANCE, List.of(update));
    }
    RemoteRefUpdate done = result.getRemoteUpdate(name);
    return switch (done.getStatus()) {
      case OK -> new Push.Pushed(commit.name(), false);
      case UP_TO_DATE -> new Push.Pushed(commit.name(), true);
      case REJECTED_REMOTE_CHANGED, REJECTED_NONFASTFORWARD -> taken(result.getAdvertisedRef(name));
      case REJECTED_OTHER_REASON, REJECTED_NODELETE, NON_EXISTING, NOT_ATTEMPTED, AWAITING_REPORT ->
          failed(
              Cause.PUSH_FAILED,
              "The repository's host refused the branch: " + plain(done.getMessage()));
    };
  }

  private static Push taken(Ref advertised) {
    return new Push.Taken(advertised == null ? "" : advertised.getObjectId().name());
  }

  private static Push failed(Cause cause, String words) {
    return new Push.Failed(new Failure(cause, words));
  }

  private static String words(Exception e) {
    return plain(e.getMessage());
  }

  /** A host's own words are its, and may be anything. */
  private static String plain(String text) {
    return text == null ? "it gave no reason" : text.replaceAll("[^\\x20-\\x7E]+", " ").strip();
  }

  private static void remove(Path directory) {
    if (directory == null) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e)
                throws IOException {
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException _) {
      // What is left is swept with the other temporary files.
    }
  }
}
