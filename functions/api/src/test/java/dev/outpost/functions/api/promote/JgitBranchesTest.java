package dev.outpost.functions.api.promote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.promote.Branches;
import dev.outpost.promote.Branches.Push;
import dev.outpost.promote.GitServer;
import dev.outpost.run.Cause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JgitBranchesTest {
  private static final String TOKEN = "the-token-of-the-repository";
  private static final String NAME = "owner/name";
  private static final String PATCH =
      """
      diff --git a/README.md b/README.md
      --- a/README.md
      +++ b/README.md
      @@ -1,5 +1,5 @@
       # Demo

       one
      -two
      +zwei
       three
      diff --git a/new ü.txt b/new ü.txt
      new file mode 100755
      --- /dev/null
      +++ b/new ü.txt
      @@ -0,0 +1 @@
      +new
      """
          .replace("\n\n", "\n \n");

  @TempDir private Path directory;
  private GitServer server;
  private String base;
  private Branches branches;

  @BeforeEach
  void start() throws IOException {
    server = new GitServer(Files.createDirectory(directory.resolve("repositories")), TOKEN);
    base = server.create(NAME);
    branches = new JgitBranches(Files.createDirectory(directory.resolve("scratch")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Branches.Order order(String url, String token, String patch, String branch) {
    return new Branches.Order(
        url,
        Optional.ofNullable(token),
        base,
        () -> new ByteArrayInputStream(patch.getBytes(UTF_8)),
        branch,
        "Say it in German\n\nOutpost-Dispatch: dsp_1\n",
        Instant.parse("2026-11-25T10:00:00Z"));
  }

  private Push push(String patch, String branch) {
    return branches.push(order(server.url(NAME), TOKEN, patch, branch));
  }

  @Test
  void aChangeBecomesOneCommitOnANewBranch() throws IOException {
    Push push = push(PATCH, "outpost/one");
    assertThat(push).isInstanceOf(Push.Pushed.class);
    assertThat(server.in(NAME, "rev-parse", "outpost/one^")).isEqualTo(base);
    assertThat(server.in(NAME, "show", "outpost/one:README.md")).contains("zwei");
    assertThat(server.in(NAME, "-c", "core.quotePath=false", "ls-tree", "outpost/one"))
        .contains("100755 blob")
        .contains("new ü.txt");
    assertThat(server.in(NAME, "log", "-1", "--format=%an <%ae> %s", "outpost/one"))
        .isEqualTo("Outpost <outpost@localhost> Say it in German");
    assertThat(server.in(NAME, "fsck", "--strict")).doesNotContain("error");
    assertThat(directory.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void asItStoodWhenMainHasMovedOn() throws IOException {
    Path clone = directory.resolve("clone");
    GitServer.git(
        directory,
        "clone",
        "--quiet",
        server.url(NAME).replace("://", "://x-access-token:" + TOKEN + "@"),
        clone.toString());
    Files.writeString(clone.resolve("README.md"), "rewritten\n");
    GitServer.git(
        clone, "-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "-qam", "second");
    GitServer.git(clone, "push", "--quiet");
    assertThat(push(PATCH, "late")).isInstanceOf(Push.Pushed.class);
    assertThat(server.in(NAME, "rev-parse", "late^")).isEqualTo(base);
  }

  @Test
  void aRepeatFindsItsOwnWork() {
    Push.Pushed first = (Push.Pushed) push(PATCH, "twice");
    assertThat(push(PATCH, "twice")).isEqualTo(new Push.Pushed(first.commit(), true));
  }

  @Test
  void aBranchThatLeadsElsewhereIsLeftAlone() throws IOException {
    server.in(NAME, "branch", "taken", base);
    assertThat(push(PATCH, "taken")).isEqualTo(new Push.Taken(base));
    assertThat(server.in(NAME, "rev-parse", "taken")).isEqualTo(base);
  }

  @Test
  void binaryFilesAreChangedToo() throws IOException {
    Path clone = directory.resolve("clone");
    GitServer.git(
        directory,
        "clone",
        "--quiet",
        directory + "/repositories/" + NAME + ".git",
        clone.toString());
    Files.write(clone.resolve("data.bin"), new byte[] {9, 0, 9, 0, 9});
    Path patch = directory.resolve("binary.patch");
    GitServer.git(clone, "diff", "--binary", "--output=" + patch);
    assertThat(push(Files.readString(patch), "binary")).isInstanceOf(Push.Pushed.class);
    assertThat(server.in(NAME, "rev-parse", "binary:data.bin"))
        .isEqualTo(GitServer.git(clone, "hash-object", "data.bin"));
  }

  @Test
  void aChangeThatDoesNotApplyIsTold() {
    Push push = push(PATCH.replace("-two", "-zwo"), "broken");
    assertThat(push).isInstanceOf(Push.Failed.class);
    assertThat(((Push.Failed) push).why().message()).contains("does not apply");
  }

  @Test
  void aPathOutOfTheTreeIsRefused() throws IOException {
    String patch =
        """
        diff --git a/.git/hooks/x b/.git/hooks/x
        new file mode 100755
        --- /dev/null
        +++ b/.git/hooks/x
        @@ -0,0 +1 @@
        +evil
        """;
    assertThat(push(patch, "evil")).isInstanceOf(Push.Failed.class);
    assertThat(push(patch.replace(".git/hooks/x", "../x"), "evil")).isInstanceOf(Push.Failed.class);
    assertThat(server.in(NAME, "branch", "--list")).doesNotContain("evil");
  }

  @Test
  void aWrongTokenIsToldWithoutIt() {
    Push push =
        branches.push(order(server.url(NAME), "another-token-that-is-wrong", PATCH, "nobody"));
    assertThat(push).isInstanceOf(Push.Failed.class);
    assertThat(((Push.Failed) push).why().message())
        .contains("not authorized")
        .doesNotContain("another-token");
  }

  @Test
  void aMissingRepositoryIsTold() {
    Push push = branches.push(order(server.url("owner/none"), TOKEN, PATCH, "nobody"));
    assertThat(((Push.Failed) push).why().cause()).isEqualTo(Cause.REPO_NOT_FOUND);
  }

  @Test
  void aLocalRepositoryNeedsNoToken() throws IOException {
    String url = directory.resolve("repositories").resolve(NAME + ".git").toUri().toString();
    assertThat(branches.push(order(url, null, PATCH, "local"))).isInstanceOf(Push.Pushed.class);
    assertThat(server.in(NAME, "rev-parse", "local^")).isEqualTo(base);
  }
}
