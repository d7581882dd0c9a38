package dev.outpost.runner.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outpost.run.Cause;
import dev.outpost.run.Workspace;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkTreeTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private final StopSignal stop = new StopSignal();
  private Repository origin;
  private String second;

  @BeforeEach
  void makeOrigin() throws IOException {
    origin = Repository.make(directory.resolve("origin")).write("a.txt", "one\n");
    origin.commit("one");
    second = origin.write("a.txt", "two\n").commit("two");
    origin.git("branch", "side", "HEAD~1");
  }

  private WorkTree prepare(String url, String branch, Workspace.Init init)
      throws NotPrepared, IOException {
    return prepare(url, branch, init, LIMIT);
  }

  private WorkTree prepare(String url, String branch, Workspace.Init init, Duration limit)
      throws NotPrepared, IOException {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    return WorkTree.prepare(
        new Workspace(Optional.ofNullable(url), Optional.ofNullable(branch), init),
        Git.of(System.getenv(), scratch, stop),
        directory.resolve("tree"),
        directory.resolve("base"),
        limit);
  }

  private static Repository in(WorkTree tree) {
    return new Repository(tree.path());
  }

  @Test
  void aFullCloneHasTheHistory() throws Exception {
    WorkTree tree = prepare(origin.url(), null, Workspace.Init.FULL);
    assertThat(tree.baseCommit()).contains(second);
    assertThat(in(tree).git("rev-list", "--count", "HEAD")).isEqualTo("2");
    assertThat(in(tree).git("branch", "--remotes")).contains("origin/side");
  }

  @Test
  void aMinimalCloneHasOneCommit() throws Exception {
    WorkTree tree = prepare(origin.url(), null, Workspace.Init.MINIMAL);
    assertThat(tree.baseCommit()).contains(second);
    assertThat(in(tree).git("rev-list", "--count", "HEAD")).isEqualTo("1");
    assertThat(in(tree).git("rev-parse", "--is-shallow-repository")).isEqualTo("true");
  }

  @Test
  void aPathIsClonedLikeAUrl() throws Exception {
    WorkTree tree = prepare(origin.path().toString(), null, Workspace.Init.MINIMAL);
    assertThat(in(tree).git("rev-list", "--count", "HEAD")).isEqualTo("1");
  }

  @Test
  void theBranchIsHonoured() throws Exception {
    WorkTree tree = prepare(origin.url(), "side", Workspace.Init.MINIMAL);
    assertThat(tree.path().resolve("a.txt")).hasContent("one\n");
  }

  @Test
  void withoutInitNothingIsFetchedButTheOriginIsKnown() throws Exception {
    WorkTree tree = prepare(origin.url(), null, Workspace.Init.NONE);
    assertThat(tree.baseCommit()).isEmpty();
    assertThat(tree.path().toFile().list()).containsExactly(".git");
    assertThat(in(tree).git("remote", "get-url", "origin")).isEqualTo(origin.url());
    in(tree).git("fetch", "--quiet", "origin", "side");
  }

  @Test
  void withoutARepositoryTheTreeIsEmpty() throws Exception {
    WorkTree tree = prepare(null, null, Workspace.Init.FULL);
    assertThat(tree.baseCommit()).isEmpty();
    assertThat(tree.path().toFile().list()).containsExactly(".git");
  }

  @Test
  void anEmptyRepositoryIsCloned() throws Exception {
    Repository empty = Repository.make(directory.resolve("empty"));
    WorkTree tree = prepare(empty.url(), null, Workspace.Init.FULL);
    assertThat(tree.baseCommit()).isEmpty();
  }

  @Test
  void theAgentCanCommit() throws Exception {
    WorkTree tree = prepare(origin.url(), null, Workspace.Init.FULL);
    in(tree).git("commit", "--quiet", "--allow-empty", "--message", "mine");
    assertThat(in(tree).git("log", "-1", "--format=%an <%ae>"))
        .isEqualTo("Outpost <outpost@localhost>");
  }

  @Test
  void aMissingRepositoryIsNotFound() {
    NotPrepared failure =
        catchThrowableOfType(
            NotPrepared.class,
            () ->
                prepare(
                    directory.resolve("nowhere").toUri().toString(), null, Workspace.Init.FULL));
    assertThat(failure.failure().cause()).isEqualTo(Cause.REPO_NOT_FOUND);
    assertThat(failure.failure().message()).contains("nowhere");
  }

  @Test
  void aMissingBranchIsNotFound() {
    NotPrepared failure =
        catchThrowableOfType(
            NotPrepared.class, () -> prepare(origin.url(), "nope", Workspace.Init.MINIMAL));
    assertThat(failure.failure().cause()).isEqualTo(Cause.REPO_NOT_FOUND);
    assertThat(failure.failure().message()).contains("nope");
  }

  @Test
  void anUnreachableHostIsACloneFailure() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    NotPrepared failure =
        catchThrowableOfType(
            NotPrepared.class,
            () ->
                prepare(
                    "http://someone:hunter2hunter2@127.0.0.1:" + port + "/x.git",
                    null,
                    Workspace.Init.FULL));
    assertThat(failure.failure().cause()).isEqualTo(Cause.CLONE_FAILED);
    assertThat(failure.failure().message()).doesNotContain("hunter2").contains("127.0.0.1");
  }

  @Test
  void aCloneThatHangsIsKilledAtItsLimit() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      NotPrepared failure =
          catchThrowableOfType(
              NotPrepared.class,
              () ->
                  prepare(
                      "git://127.0.0.1:" + silent.getLocalPort() + "/x.git",
                      null,
                      Workspace.Init.FULL,
                      Duration.ofMillis(300)));
      assertThat(failure.failure().cause()).isEqualTo(Cause.CLONE_FAILED);
      assertThat(failure.failure().message()).contains("took longer");
    }
  }

  @Test
  void aCommandInPlaceOfAUrlIsNotRun() {
    Path trace = directory.resolve("trace");
    NotPrepared failure =
        catchThrowableOfType(
            NotPrepared.class,
            () -> prepare("ext::sh -c 'touch " + trace + "'", null, Workspace.Init.FULL));
    assertThat(failure.failure().cause()).isEqualTo(Cause.CLONE_FAILED);
    assertThat(trace).doesNotExist();
  }

  @Test
  void theHooksAndFiltersOfThisMachineAreNotRun() throws Exception {
    Path trace = directory.resolve("trace");
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.writeString(
        home.resolve(".gitconfig"),
        "[filter \"x\"]\n\tsmudge = sh -c 'touch " + trace + "; cat'\n");
    origin.write(".gitattributes", "* filter=x\n").commit("attributes");
    WorkTree.prepare(
        new Workspace(Optional.of(origin.url()), Optional.empty(), Workspace.Init.FULL),
        Git.of(
            Map.of("PATH", System.getenv("PATH"), "HOME", home.toString()),
            Files.createDirectories(directory.resolve("scratch")),
            stop),
        directory.resolve("tree"),
        directory.resolve("base"),
        LIMIT);
    assertThat(trace).doesNotExist();
  }

  @Test
  void credentialsOfAUrlAreHeldApart() {
    RepositoryUrl url = RepositoryUrl.of("https://me:p%40ss@host:8443/owner/name.git");
    assertThat(url.address()).isEqualTo("https://host:8443/owner/name.git");
    assertThat(url.credentials().orElseThrow().user()).isEqualTo("me");
    assertThat(url.credentials().orElseThrow().password()).isEqualTo("p@ss");
    assertThat(RepositoryUrl.of("ssh://git@host/x").address()).isEqualTo("ssh://git@host/x");
  }
}
