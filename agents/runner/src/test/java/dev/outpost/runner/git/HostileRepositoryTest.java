package dev.outpost.runner.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.run.Context;
import dev.outpost.run.Workspace;
import dev.outpost.runner.agent.TaskText;
import dev.outpost.runner.scrub.Scrubber;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that were made to do harm, from the clone to the patch. */
class HostileRepositoryTest {
  private static final Scrubber SCRUBBER = new Scrubber(List.of());
  private static final long GIANT = 64L * 1024 * 1024;

  @TempDir private Path directory;
  private Repository origin;
  private Git git;
  private WorkTree tree;

  @BeforeEach
  void make() throws IOException {
    origin = Repository.make(directory.resolve("origin")).write("keep.txt", "kept\n");
    git =
        Git.of(
            System.getenv(), Files.createDirectory(directory.resolve("scratch")), new StopSignal());
  }

  private Path cloned() throws Exception {
    tree =
        WorkTree.prepare(
            new Workspace(Optional.of(origin.url()), Optional.empty(), Workspace.Init.MINIMAL),
            git,
            directory.resolve("tree"),
            directory.resolve("base"),
            Duration.ofMinutes(1));
    return tree.path();
  }

  private Patch patch() throws IOException {
    return Patch.take(
        tree, git, SCRUBBER, directory.resolve("scratch"), directory.resolve("changes.patch"));
  }

  /** What a client gets who applies the patch. */
  private String applied(Patch patch) throws IOException {
    origin.git("apply", "--index", "--whitespace=nowarn", patch.file().toString());
    return origin.git("-c", "core.quotePath=false", "status", "--porcelain", "-z");
  }

  private static void sh(Path directory, String script) throws Exception {
    Process process =
        new ProcessBuilder("sh", "-ec", script).directory(directory.toFile()).inheritIO().start();
    assertThat(process.waitFor()).as(script).isZero();
  }

  @Test
  void anyNameThatAFileCanHaveIsClonedAndRecorded() throws Exception {
    String names =
        """
        for name in '-rf' '--output=x' 'a b' "tab\tend" 'quote"end' "apostrophe'end" 'back\\slash' \\
            '$(touch trace)' '`touch trace`' ';touch trace' "line
        end" '#hash' '*' '?' '[a]' ':(glob)x' '@{0}' "$(printf 'latin\\351')" '.gitx' 'CON' ; do
          printf '%s\\n' WORD > "./$name"
        done
        """;
    sh(origin.path(), names.replace("WORD", "before"));
    origin.commit("names");
    sh(cloned(), names.replace("WORD", "after") + "printf new > './-n'");
    Patch patch = patch();
    assertThat(patch.filesChanged()).isEqualTo(21);
    assertThat(patch.notes()).isEmpty();
    assertThat(applied(patch).split("\0", -1)).hasSize(22);
    assertThat(Files.readString(origin.path().resolve("-rf"))).isEqualTo("after\n");
    assertThat(origin.path().resolve("trace")).doesNotExist();
    assertThat(tree.path().resolve("trace")).doesNotExist();
  }

  @Test
  void aLinkLeadsNoneOfUsOutOfTheTree() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("AGENTS.md"), "not the repository's own words");
    Files.createSymbolicLink(
        origin.path().resolve("AGENTS.md"), outside.resolve("AGENTS.md").toAbsolutePath());
    Files.createSymbolicLink(origin.path().resolve("up"), Path.of("../outside"));
    Files.createSymbolicLink(origin.path().resolve("loop"), Path.of("loop"));
    origin.commit("links");
    Path clone = cloned();
    assertThat(TaskText.guides(clone, Context.FULL, SCRUBBER)).isEmpty();
    Files.writeString(clone.resolve("up/planted.txt"), "through the link\n");
    Files.writeString(clone.resolve("keep.txt"), "changed\n");
    Patch patch = patch();
    assertThat(patch.filesChanged()).isEqualTo(1);
    assertThat(Files.readString(patch.file(), ISO_8859_1)).doesNotContain("through the link");
  }

  @Test
  void aSubmoduleIsNeitherFetchedNorDoesItsAddressRun() throws Exception {
    Path trace = directory.resolve("trace");
    origin.write(
        ".gitmodules",
        "[submodule \"a\"]\n\tpath = a\n\turl = \"ext::sh -c 'touch "
            + trace
            + "'\"\n\tupdate = \"!touch "
            + trace
            + "\"\n[submodule \"../../b\"]\n\tpath = b\n\turl = -u./payload\n");
    origin.git("add", ".gitmodules");
    String commit = origin.commit("modules");
    origin.git("update-index", "--add", "--cacheinfo", "160000," + commit + ",a");
    origin.git("commit", "--quiet", "-m", "link");
    Path clone = cloned();
    assertThat(trace).doesNotExist();
    assertThat(clone.resolve("a")).isEmptyDirectory();
    Files.writeString(clone.resolve("keep.txt"), "changed\n");
    Patch patch = patch();
    assertThat(trace).doesNotExist();
    assertThat(patch.filesChanged()).isEqualTo(1);
  }

  @Test
  void aPointerOfLfsStaysAPointer() throws Exception {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab".repeat(32) + "\nsize 9\n";
    origin.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    origin.write(".lfsconfig", "[lfs]\n\turl = http://127.0.0.1:1/lfs\n");
    origin.write("large.bin", pointer).commit("pointer");
    Path clone = cloned();
    assertThat(clone.resolve("large.bin")).hasContent(pointer);
    Files.writeString(clone.resolve("keep.txt"), "changed\n");
    assertThat(patch().filesChanged()).isEqualTo(1);
  }

  @Test
  void aGiantFileIsRecorded() throws Exception {
    origin.commit("small");
    Path clone = cloned();
    try (RandomAccessFile file = new RandomAccessFile(clone.resolve("giant.bin").toFile(), "rw")) {
      file.setLength(GIANT);
    }
    Patch patch = patch();
    assertThat(patch.filesChanged()).isEqualTo(1);
    applied(patch);
    assertThat(origin.path().resolve("giant.bin")).hasSize(GIANT);
  }
}
