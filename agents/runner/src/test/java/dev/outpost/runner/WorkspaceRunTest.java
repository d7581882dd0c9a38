package dev.outpost.runner;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.outpost.run.Artifact;
import dev.outpost.run.Cause;
import dev.outpost.run.Job;
import dev.outpost.runner.git.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that work in a persistent workspace, one after the other. */
@Timeout(60)
class WorkspaceRunTest {
  @TempDir private Path directory;
  private Repository origin;
  private String base;
  private int runs;
  private LocalRun run;

  @BeforeEach
  void repository() throws IOException {
    origin = Repository.make(directory.resolve("origin"));
    base =
        origin
            .write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n")
            .write("other.txt", "other\n")
            .write(".gitignore", "cache/\n*.log\n")
            .commit("base");
  }

  private Function<URI, Job> working(String script, Optional<byte[]> archive) {
    return url ->
        Jobs.script(script)
            .in(origin.url(), "main")
            .keeping(archive.map(_ -> url + "/workspace?X-Signature=abc"));
  }

  private LocalGateway gateway(String script, Optional<byte[]> archive) throws IOException {
    run = new LocalRun(directory.resolve("run-" + ++runs));
    LocalGateway gateway = new LocalGateway(working(script, archive));
    archive.ifPresent(gateway::keepArchive);
    return gateway;
  }

  /** The archive that a run leaves which must succeed. */
  private byte[] after(String script, Optional<byte[]> archive) throws IOException {
    try (LocalGateway gateway = gateway(script, archive)) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      byte[] saved = gateway.archive().orElseThrow();
      assertThat(gateway.result().workspaceBytes()).isEqualTo(OptionalLong.of(saved.length));
      return saved;
    }
  }

  private byte[] worked() throws IOException {
    return after(
        """
        mkdir -p cache/deep 'sp ace' empty
        echo cached > cache/deep/entry
        printf '#!/bin/sh\necho ran\n' > cache/tool; chmod 750 cache/tool
        ln -s deep/entry cache/link; ln -s /nowhere/at/all cache/dangling
        echo new > 'sp ace/néw.txt'
        sed -i 's/^1$/one/' a.txt
        rm other.txt
        mkfifo cache/pipe
        git config user.name thief; echo evil > .git/hooks/post-checkout
        git add 'sp ace'; git commit -qm mine
        mkdir -p cache/nested && git init -q cache/nested
        """,
        Optional.empty());
  }

  @Test
  void theNextRunFindsChangesAndIgnoredFilesOnTheBranchsNewestCommit() throws IOException {
    byte[] archive = worked();
    origin.write("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n").write("more.txt", "more\n");
    String moved = origin.commit("the branch has moved on");
    String script =
        """
        set -e
        test "$(cat a.txt | tr '\n' ' ')" = 'one 2 3 4 5 6 7 8 nine '
        cat more.txt cache/deep/entry cache/link 'sp ace/néw.txt'
        test ! -e other.txt; test -L cache/dangling; test -d empty
        test ! -e cache/pipe; test ! -e cache/nested/.git
        test "$(stat -c %a cache/tool)" = 750; cache/tool
        test "$(git config user.name)" = Outpost; test ! -e .git/hooks/post-checkout
        test -z "$(git diff --cached --name-only)"
        """;
    try (LocalGateway gateway = gateway(script, Optional.of(archive))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("info more", "info cached", "info new", "info ran", "working in the workspace")
          .doesNotContain("X-Signature");
      assertThat(gateway.result().baseCommit()).contains(moved);
      // The patch is that of any dispatch: all that differs from the base, but not what git
      // ignores.
      assertThat(gateway.result().filesChanged()).isEqualTo(3);
      assertThat(gateway.artifacts().get(Artifact.Type.PATCH))
          .contains("+one", "other.txt")
          .doesNotContain("cached");
    }
  }

  @Test
  void whereTheChangesDoNotApplyAnyMoreTheWorkspaceStaysOnItsOwnCommit() throws IOException {
    byte[] archive = worked();
    String moved = origin.write("a.txt", "quite another text\n").commit("the branch has moved on");
    try (LocalGateway gateway = gateway("head -1 a.txt; cat cache/link", Optional.of(archive))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.result().baseCommit()).contains(base);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("the branch has moved on to " + moved, "stays on " + base)
          .contains("info one", "info cached");
    }
  }

  @Test
  void whatIsTrackedNowWinsOverWhatTheWorkspaceBrings() throws IOException {
    byte[] archive = after("echo mine > new.txt; mkdir dir; echo x > dir/x", Optional.empty());
    origin.write("new.txt", "theirs\n").write("dir", "a file now\n").commit("the same names");
    try (LocalGateway gateway = gateway("cat new.txt dir", Optional.of(archive))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("info theirs", "info a file now")
          .doesNotContain("info mine");
    }
  }

  @Test
  void aFailedRunKeepsItsWorkToo() throws IOException {
    byte[] archive;
    try (LocalGateway gateway =
        gateway("mkdir cache; echo half > cache/x; exit 3", Optional.empty())) {
      assertThat(run.start(gateway)).isEqualTo(1);
      archive = gateway.archive().orElseThrow();
      assertThat(JSON.std.mapFrom(gateway.artifacts().get(Artifact.Type.RESULT)))
          .extractingByKey("workspace")
          .isEqualTo(
              Map.of(
                  "id", "wsp_01", "name", "default", "saved", true, "sizeBytes", archive.length));
    }
    try (LocalGateway gateway = gateway("cat cache/x", Optional.of(archive))) {
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("info half");
    }
  }

  @Test
  void anArchiveThatTheStoreRefusesChangesNothingOfTheDispatchsOwnEnd() throws IOException {
    try (LocalGateway gateway = gateway("echo done", Optional.empty())) {
      gateway.refuseArchive();
      assertThat(run.start(gateway)).isZero();
      assertThat(gateway.result().failure()).isEmpty();
      assertThat(gateway.result().workspaceBytes()).isEmpty();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains(
              "the workspace is not saved and stays as it was: the object store answered 403");
      assertThat(gateway.artifacts().get(Artifact.Type.RESULT)).contains("\"saved\":false");
    }
  }

  @Test
  void anArchiveThatIsGoneBeginsAnew() throws IOException {
    run = new LocalRun(directory.resolve("gone"));
    try (LocalGateway gateway =
        new LocalGateway(working("cat a.txt", Optional.of("gone".getBytes(UTF_8))))) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("no longer there (404)");
      assertThat(gateway.archive()).isPresent();
    }
  }

  @Test
  void anArchiveThatOutpostDidNotWriteIsNotUsedAndNotReplaced() throws IOException {
    byte[] junk = "no archive".getBytes(ISO_8859_1);
    try (LocalGateway gateway = gateway("echo never", Optional.of(junk))) {
      assertThat(run.start(gateway)).isEqualTo(1);
      assertThat(LocalRun.cause(gateway)).contains(Cause.CLONE_FAILED);
      assertThat(gateway.result().failure().orElseThrow().message())
          .contains("not one that Outpost wrote", "delete the workspace");
      assertThat(gateway.archive()).contains(junk);
      assertThat(gateway.artifacts().get(Artifact.Type.LOG))
          .contains("the workspace stays as it was")
          .doesNotContain("never");
    }
  }

  @Test
  void aRepositoryWithoutACommitHasAWorkspaceAsWell() throws IOException {
    origin = Repository.make(directory.resolve("bare"));
    Function<URI, Job> first =
        url -> Jobs.script("echo kept > x").in(origin.url(), null).keeping(Optional.empty());
    run = new LocalRun(directory.resolve("first"));
    byte[] archive;
    try (LocalGateway gateway = new LocalGateway(first)) {
      assertThat(run.start(gateway)).as(run.log()).isZero();
      archive = gateway.archive().orElseThrow();
    }
    Files.createDirectories(directory.resolve("later"));
    run = new LocalRun(directory.resolve("later"));
    try (LocalGateway gateway =
        new LocalGateway(
            url ->
                Jobs.script("cat x")
                    .in(origin.url(), null)
                    .keeping(Optional.of(url + "/workspace")))) {
      gateway.keepArchive(archive);
      assertThat(run.start(gateway)).as(run.log()).isZero();
      assertThat(gateway.artifacts().get(Artifact.Type.LOG)).contains("info kept");
    }
  }
}
