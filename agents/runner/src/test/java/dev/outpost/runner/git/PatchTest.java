package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.run.Workspace;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchTest {
  private static final String SECRET = "hunter2hunter2hunter2";

  @TempDir private Path directory;
  private Repository origin;
  private Git git;
  private WorkTree tree;
  private Repository agent;

  @BeforeEach
  void prepare() throws Exception {
    origin = Repository.make(directory.resolve("origin"));
    origin.write("keep.txt", "kept\n").write("edit.txt", "one\ntwo\nthree\n");
    origin.write("gone.txt", "gone\n").write("old/name.txt", "a\nb\nc\nd\ne\nf\ng\n");
    origin.write("run.sh", "#!/bin/sh\n").write(".gitignore", "ignored/\n");
    Files.write(origin.path().resolve("data.bin"), random(3000, 1));
    origin.commit("base");
    git =
        Git.of(
            System.getenv(), Files.createDirectory(directory.resolve("scratch")), new StopSignal());
    clone(Workspace.Init.MINIMAL);
  }

  private void clone(Workspace.Init init) throws Exception {
    tree =
        WorkTree.prepare(
            new Workspace(Optional.of(origin.url()), Optional.empty(), init),
            git,
            directory.resolve("tree"),
            directory.resolve("base"),
            Duration.ofMinutes(1));
    agent = new Repository(tree.path());
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Patch take() throws IOException {
    return Patch.take(
        tree,
        git,
        new Scrubber(List.of(SECRET)),
        directory.resolve("scratch"),
        directory.resolve("changes.patch"));
  }

  /** The origin with the patch applied, strictly: what a client would see. */
  private Path applied(Patch patch) throws IOException {
    if (Files.size(patch.file()) > 0) {
      origin.git("apply", "--index", "--whitespace=nowarn", patch.file().toString());
    }
    return origin.path();
  }

  @Test
  void everyKindOfChangeApplies() throws IOException {
    agent.write("edit.txt", "one\n2\nthree\nfour");
    agent.write("new dir/new ü.txt", "new\n").write("empty.txt", "");
    agent.git("rm", "--quiet", "gone.txt");
    agent.git("mv", "old", "moved");
    Files.write(tree.path().resolve("data.bin"), random(4000, 2));
    Files.write(tree.path().resolve("more.bin"), random(100, 3));
    Files.setPosixFilePermissions(
        tree.path().resolve("run.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(tree.path().resolve("link"), Path.of("edit.txt"));
    Files.createSymbolicLink(tree.path().resolve("out"), Path.of("/etc/passwd"));
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(10);
    assertThat(patch.notes()).isEmpty();
    assertThat(Files.readString(patch.file(), ISO_8859_1)).contains("rename to moved/name.txt");
    Path result = applied(patch);
    assertThat(result.resolve("edit.txt")).hasContent("one\n2\nthree\nfour");
    assertThat(result.resolve("new dir/new ü.txt")).hasContent("new\n");
    assertThat(result.resolve("empty.txt")).isEmptyFile();
    assertThat(result.resolve("gone.txt")).doesNotExist();
    assertThat(result.resolve("old/name.txt")).doesNotExist();
    assertThat(result.resolve("moved/name.txt")).exists();
    assertThat(result.resolve("data.bin")).hasBinaryContent(random(4000, 2));
    assertThat(result.resolve("more.bin")).hasBinaryContent(random(100, 3));
    assertThat(result.resolve("run.sh")).isExecutable();
    assertThat(Files.readSymbolicLink(result.resolve("link"))).hasToString("edit.txt");
    assertThat(Files.readSymbolicLink(result.resolve("out"))).hasToString("/etc/passwd");
    assertThat(result.resolve("keep.txt")).hasContent("kept\n");
  }

  @Test
  void nothingChangedIsAnEmptyPatch() throws IOException {
    Patch patch = take();
    assertThat(patch.filesChanged()).isZero();
    assertThat(patch.file()).isEmptyFile();
  }

  @Test
  void theAgentsCommitsAreInIt() throws IOException {
    agent.write("edit.txt", "committed\n").commit("mine");
    agent.write("more.txt", "not committed\n");
    Path result = applied(take());
    assertThat(result.resolve("edit.txt")).hasContent("committed\n");
    assertThat(result.resolve("more.txt")).hasContent("not committed\n");
  }

  @Test
  void aDeletedGitDirectoryDoesNotMatter() throws IOException {
    DirectoryRemoval.remove(tree.path().resolve(".git"));
    agent.write("edit.txt", "changed\n");
    assertThat(applied(take()).resolve("edit.txt")).hasContent("changed\n");
  }

  @Test
  void aRewrittenHistoryDoesNotMatter() throws IOException {
    DirectoryRemoval.remove(tree.path().resolve(".git"));
    Repository.make(tree.path()).write("edit.txt", "changed\n").commit("another root");
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(applied(patch).resolve("edit.txt")).hasContent("changed\n");
  }

  @Test
  void nothingThatTheAgentConfiguredIsRun() throws IOException {
    Path trace = directory.resolve("trace");
    Path evil = directory.resolve("evil.sh");
    Files.writeString(evil, "#!/bin/sh\ntouch " + trace + "\ncat\n");
    Files.setPosixFilePermissions(evil, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String key :
        List.of(
            "core.fsmonitor",
            "filter.x.clean",
            "filter.x.smudge",
            "filter.x.process",
            "diff.x.command",
            "diff.x.textconv",
            "diff.external",
            "core.pager",
            "core.sshCommand",
            "alias.add")) {
      agent.git("config", key, key.startsWith("alias") ? "!" + evil : evil.toString());
    }
    agent.git("config", "core.hooksPath", directory.toString());
    for (String hook : List.of("post-index-change", "pre-commit", "post-checkout")) {
      Files.copy(evil, directory.resolve(hook));
      Files.copy(evil, tree.path().resolve(".git/hooks").resolve(hook));
    }
    agent.write(".gitattributes", "* filter=x diff=x\n").write("edit.txt", "changed\n");
    Files.writeString(tree.path().resolve(".git/info/attributes"), "* filter=x\n");
    Path result = applied(take());
    assertThat(trace).doesNotExist();
    assertThat(result.resolve("edit.txt")).hasContent("changed\n");
  }

  @Test
  void aGitDirectoryThatIsALinkDoesNotMatter() throws IOException {
    DirectoryRemoval.remove(tree.path().resolve(".git"));
    Files.createSymbolicLink(tree.path().resolve(".git"), Path.of("/"));
    agent.write("edit.txt", "changed\n");
    assertThat(take().filesChanged()).isEqualTo(1);
  }

  @Test
  void aTreeThatBecameALinkIsRefused() throws IOException {
    DirectoryRemoval.remove(tree.path());
    Files.createSymbolicLink(tree.path(), Path.of("/etc"));
    assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessageContaining("link");
  }

  @Test
  void aRemovedTreeIsADeletionOfAll() throws IOException {
    DirectoryRemoval.remove(tree.path());
    assertThat(take().filesChanged()).isEqualTo(7);
  }

  @Test
  void nestedRepositoriesAreRecordedByTheirFiles() throws IOException {
    Repository nested = Repository.make(tree.path().resolve("nested")).write("in.txt", "inner\n");
    nested.commit("inner");
    Repository.make(nested.path().resolve("deeper")).write("deep.txt", "deep\n");
    Patch patch = take();
    assertThat(patch.notes()).singleElement().asString().contains("recorded by their files");
    Path result = applied(patch);
    assertThat(result.resolve("nested/in.txt")).hasContent("inner\n");
    assertThat(result.resolve("nested/deeper/deep.txt")).hasContent("deep\n");
  }

  @Test
  void specialAndUnreadableFilesBreakNothing() throws Exception {
    agent.write("edit.txt", "changed\n").write("closed.txt", "closed\n");
    Files.setPosixFilePermissions(
        tree.path().resolve("closed.txt"), PosixFilePermissions.fromString("---------"));
    Files.delete(tree.path().resolve("keep.txt"));
    for (String fifo : List.of("fifo", "keep.txt")) {
      new ProcessBuilder("mkfifo", tree.path().resolve(fifo).toString()).start().waitFor();
    }
    Patch patch = take();
    assertThat(patch.filesChanged()).isGreaterThanOrEqualTo(1);
    assertThat(applied(patch).resolve("edit.txt")).hasContent("changed\n");
  }

  @Test
  void anImpossibleAttributeBreaksNothing() throws IOException {
    agent.write(".gitattributes", "*.txt working-tree-encoding=UTF-16\n");
    agent.write("edit.txt", "no UTF-16\n!");
    assertThat(applied(take()).resolve("edit.txt")).hasContent("no UTF-16\n!");
  }

  @Test
  void ignoredFilesStayOut() throws IOException {
    agent.write("ignored/x.txt", "x\n").write(".git/info/exclude", "edit2.txt\n");
    agent.write("edit2.txt", "seen\n");
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(applied(patch).resolve("edit2.txt")).exists();
  }

  @Test
  void whatAnAgentKeepsInTheTreeForItselfStaysOut() throws IOException {
    agent.write(".aider.tags.cache.v4/cache.db", "SQLite\n").write("edit.txt", "by aider\n");
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(applied(patch).resolve(".aider.tags.cache.v4")).doesNotExist();
  }

  @Test
  void secretsInAddedLinesAreHiddenAndThePatchApplies() throws IOException {
    String token = "ghp" + "_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5";
    agent.write("edit.txt", "one\n" + SECRET + "\n++ @@ -1 +1 @@ " + token + "\nthree\n");
    byte[] latin = ("caf\u00e9 " + SECRET + "\n").getBytes(ISO_8859_1);
    Files.write(tree.path().resolve("latin.txt"), latin);
    agent.write("long.txt", "x".repeat(200_000) + SECRET + "y".repeat(100_000));
    Patch patch = take();
    assertThat(Files.readString(patch.file(), ISO_8859_1)).doesNotContain(SECRET, token);
    Path result = applied(patch);
    assertThat(result.resolve("edit.txt"))
        .hasContent("one\n[REDACTED]\n++ @@ -1 +1 @@ [REDACTED:github]\nthree\n");
    assertThat(result.resolve("latin.txt"))
        .hasBinaryContent("caf\u00e9 [REDACTED]\n".getBytes(ISO_8859_1));
    assertThat(result.resolve("long.txt"))
        .hasContent("x".repeat(200_000) + "[REDACTED]" + "y".repeat(100_000));
  }

  @Test
  void contextAndDeletedLinesStayAsTheyAre() throws Exception {
    String content = SECRET + "\n" + "l\n".repeat(3) + "-- " + SECRET + "\nend\n";
    origin.write("leak.txt", content).commit("a leak");
    DirectoryRemoval.remove(tree.path());
    DirectoryRemoval.remove(directory.resolve("base"));
    clone(Workspace.Init.FULL);
    agent.write("leak.txt", SECRET + "\n" + "l\n".repeat(3) + "end, without " + SECRET + "\n");
    assertThat(applied(take()).resolve("leak.txt"))
        .hasContent(SECRET + "\nl\nl\nl\nend, without [REDACTED]\n");
  }

  @Test
  void binaryFilesAndNamesWithASecretAreLeftOut() throws IOException {
    byte[] binary = new byte[5000];
    System.arraycopy(SECRET.getBytes(ISO_8859_1), 0, binary, 4000, SECRET.length());
    Files.write(tree.path().resolve("bad.bin"), binary);
    Files.write(tree.path().resolve("data.bin"), binary);
    agent.write("edit.txt", "changed\n").write("name-" + SECRET + ".txt", "x\n");
    Files.move(tree.path().resolve("old/name.txt"), tree.path().resolve(SECRET));
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(patch.notes()).hasSize(4);
    assertThat(Files.readString(patch.file(), ISO_8859_1)).doesNotContain(SECRET);
    Path result = applied(patch);
    assertThat(result.resolve("edit.txt")).hasContent("changed\n");
    assertThat(result.resolve("data.bin")).hasBinaryContent(random(3000, 1));
    assertThat(result.resolve("old/name.txt")).exists();
  }

  @Test
  void withoutABaseAllIsNew() throws Exception {
    DirectoryRemoval.remove(tree.path());
    DirectoryRemoval.remove(directory.resolve("base"));
    clone(Workspace.Init.NONE);
    agent.write("new.txt", "new\n").commit("mine");
    Patch patch = take();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(applied(patch).resolve("new.txt")).hasContent("new\n");
  }
}
