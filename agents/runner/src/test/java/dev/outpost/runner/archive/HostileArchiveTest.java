package dev.outpost.runner.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.runner.stop.Deadline;
import dev.outpost.runner.stop.StopSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that somebody made who wants out of the tree. */
class HostileArchiveTest {
  private static final Bounds SMALL = new Bounds(100_000, 50_000, 20);

  @TempDir private Path directory;
  private Path tree;
  private Path archive;

  private interface Entries {
    void into(TarArchiveOutputStream out) throws IOException;
  }

  @BeforeEach
  void places() throws IOException {
    tree = Files.createDirectory(directory.resolve("tree"));
    archive = directory.resolve("archive.tar.gz");
  }

  private ArchiveReader archive(Entries entries) throws IOException {
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(Files.newOutputStream(archive)), UTF_8.name())) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      file(out, "base", "0123");
      file(out, "changes.patch", "the change");
      entries.into(out);
    }
    return new ArchiveReader(archive, SMALL);
  }

  private static void file(TarArchiveOutputStream out, String name, String content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length());
    entry.setMode(07777);
    out.putArchiveEntry(entry);
    out.write(content.getBytes(UTF_8));
    out.closeArchiveEntry();
  }

  private static void entry(TarArchiveOutputStream out, String name, byte kind, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }

  /** All that is outside of the tree: nothing but the archive may be there. */
  private void assertNothingEscaped() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).containsOnly(tree, archive);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil",
        "files/../evil",
        "files/a/../../evil",
        "files//evil",
        "files/./evil",
        "/files/evil",
        "../files/evil",
        "files/.git/hooks/post-checkout",
        "files/.GIT/config",
        "files/.git./config",
        "files/.git /config",
        "files/git~1/config",
        "files/GIT~1/config",
        "files/.git::$INDEX_ALLOCATION/config",
        "files/.g‌it/config",
        "files/vendor/lib/.git"
      })
  void aPathThatLeadsElsewhereOrIntoTheRepositoryMakesTheArchiveWorthless(String name)
      throws IOException {
    ArchiveReader reader = archive(out -> file(out, name, "evil"));
    assertThatThrownBy(() -> reader.unpack(tree)).isInstanceOf(Damaged.class);
    assertThat(tree).isEmptyDirectory();
    assertNothingEscaped();
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void hardLinksAndDevicesMakeItWorthless(byte kind) throws IOException {
    ArchiveReader reader = archive(out -> entry(out, "files/x", kind, "/etc/passwd"));
    assertThatThrownBy(() -> reader.unpack(tree)).isInstanceOf(Damaged.class);
    assertThat(tree).isEmptyDirectory();
  }

  @Test
  void nothingIsWrittenThroughALinkOfTheArchive() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    ArchiveReader reader =
        archive(
            out -> {
              entry(out, "files/dir", TarConstants.LF_SYMLINK, outside.toString());
              file(out, "files/dir/evil", "evil");
              entry(out, "files/file", TarConstants.LF_SYMLINK, outside.resolve("made").toString());
              file(out, "files/file", "evil");
              entry(out, "files/dir/link", TarConstants.LF_SYMLINK, "/etc/passwd");
            });
    reader.unpack(tree);
    assertThat(outside).isEmptyDirectory();
    // The files came first, so that the links found their places taken.
    assertThat(Files.isDirectory(tree.resolve("dir"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.isRegularFile(tree.resolve("file"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void nothingIsWrittenThroughALinkOfTheRepository() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(tree.resolve("dir"), outside);
    Files.createSymbolicLink(tree.resolve("file"), outside.resolve("made"));
    ArchiveReader reader =
        archive(
            out -> {
              file(out, "files/dir/evil", "evil");
              file(out, "files/file", "evil");
              entry(out, "files/dir/sub/", TarConstants.LF_DIR, "");
              entry(out, "files/dir/link", TarConstants.LF_SYMLINK, "x");
            });
    assertThat(reader.unpack(tree)).isZero();
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void whatIsThereStaysAndNobodyGetsAnothersRights() throws IOException {
    Files.writeString(tree.resolve("tracked"), "the repository's");
    ArchiveReader reader =
        archive(
            out -> {
              file(out, "files/tracked", "the archive's");
              file(out, "files/sub/program", "program");
            });
    assertThat(reader.unpack(tree)).isEqualTo(1);
    assertThat(tree.resolve("tracked")).hasContent("the repository's");
    assertThat((Integer) Files.getAttribute(tree.resolve("sub/program"), "unix:mode") & 07777)
        .as("no setuid, setgid or sticky bit")
        .isEqualTo(0777);
  }

  @Test
  void tooManyFilesAreRefused() throws IOException {
    ArchiveReader reader =
        archive(
            out -> {
              for (int i = 0; i <= SMALL.entries(); i++) {
                file(out, "files/" + i, "");
              }
            });
    assertThatThrownBy(() -> reader.unpack(tree)).isInstanceOf(Damaged.class);
  }

  @Test
  void whatMeansNothingIsRefusedWhoeverReadsIt() throws IOException {
    byte[] header = new byte[512];
    Arrays.fill(header, (byte) 'z');
    try (OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(archive))) {
      out.write(header);
    }
    ArchiveReader reader = new ArchiveReader(archive, SMALL);
    assertThatThrownBy(() -> reader.head(directory.resolve("patch"))).isInstanceOf(Damaged.class);
    assertThatThrownBy(() -> reader.unpack(tree)).isInstanceOf(Damaged.class);
    Files.writeString(archive, "no archive at all");
    assertThatThrownBy(() -> reader.head(directory.resolve("patch"))).isInstanceOf(Damaged.class);
    assertThat(tree).isEmptyDirectory();
  }

  @Test
  void aBombIsRefusedBeforeItGoesOff() throws IOException {
    String most = "0".repeat(30_000);
    ArchiveReader reader =
        archive(
            out -> {
              file(out, "files/one", most);
              file(out, "files/two", most);
            });
    assertThatThrownBy(() -> reader.unpack(tree)).isInstanceOf(Damaged.class);
    assertThat(tree.resolve("two")).doesNotExist();
    String huge = "0".repeat((int) SMALL.unpackedBytes() + 1);
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(Files.newOutputStream(archive)), UTF_8.name())) {
      file(out, "base", "0123");
      file(out, "changes.patch", huge);
    }
    assertThatThrownBy(() -> reader.head(directory.resolve("patch"))).isInstanceOf(Damaged.class);
    assertThat(directory.resolve("patch")).doesNotExist();
  }

  @Test
  void theHeadIsReadAsItWasWritten() throws IOException {
    ArchiveReader reader = archive(_ -> {});
    Path patch = directory.resolve("patch");
    assertThat(reader.head(patch)).contains("0123");
    assertThat(patch).hasContent("the change");
  }

  private ArchiveWriter writer(Duration time) {
    return new ArchiveWriter(SMALL, new Deadline(time, time, new StopSignal()));
  }

  private void write(ArchiveWriter writer) throws IOException {
    Path patch = Files.writeString(directory.resolve("patch"), "a patch");
    writer.write(Optional.of("0123"), patch, tree, Set.of("tracked"), archive);
  }

  @Test
  void whatIsWrittenComesBackTheSame() throws IOException {
    Files.writeString(tree.resolve("tracked"), "not in it");
    Path deep = Files.createDirectories(tree.resolve("d".repeat(120) + "/" + "e".repeat(120)));
    Files.writeString(deep.resolve("ä€.txt"), "text");
    Files.setPosixFilePermissions(
        deep.resolve("ä€.txt"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("../elsewhere"));
    Files.createDirectories(tree.resolve("vendor/.git/hooks"));
    Files.writeString(tree.resolve("vendor/.git/config"), "evil");
    write(writer(Duration.ofMinutes(1)));

    Path again = Files.createDirectory(directory.resolve("again"));
    assertThat(new ArchiveReader(archive, SMALL).unpack(again)).isEqualTo(2);
    Path file = again.resolve(tree.relativize(deep.resolve("ä€.txt")));
    assertThat(file).hasContent("text");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x--x");
    assertThat(Files.getLastModifiedTime(file).toMillis())
        .isEqualTo(Files.getLastModifiedTime(deep.resolve("ä€.txt")).toMillis());
    assertThat(Files.readSymbolicLink(again.resolve("link"))).isEqualTo(Path.of("../elsewhere"));
    assertThat(again.resolve("vendor/.git")).doesNotExist();
  }

  @Test
  void whatIsTooMuchIsNotWritten() throws IOException {
    Files.write(tree.resolve("large"), new byte[(int) SMALL.unpackedBytes()]);
    assertThatThrownBy(() -> write(writer(Duration.ofMinutes(1)))).hasMessageContaining("bytes");
  }

  @Test
  void whatTakesTooLongIsNotWritten() throws IOException {
    Files.writeString(tree.resolve("file"), "text");
    assertThatThrownBy(() -> write(writer(Duration.ofNanos(-1))))
        .isInstanceOf(Deadline.TimeUp.class);
  }

  @Test
  void aRunThatIsBeingStoppedHasLessTime() throws IOException {
    Files.writeString(tree.resolve("file"), "text");
    StopSignal stop = new StopSignal();
    stop.raise(StopSignal.Reason.TERMINATED);
    Deadline deadline = new Deadline(Duration.ofHours(1), Duration.ofNanos(-1), stop);
    assertThatThrownBy(deadline::check).isInstanceOf(Deadline.TimeUp.class);
  }
}
