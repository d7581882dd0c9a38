package dev.outpost.runner.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outpost.runner.stop.Deadline;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/**
 * Writes the archive of a work tree, {@code tar.gz}: first {@value #BASE}, the commit that it
 * stands on, then {@value #PATCH}, what was changed of that commit's files, then below {@value
 * #FILES} all other files, those that git ignores included. Nothing of any {@code .git} is in it.
 * Follows no link. Used once.
 */
public final class ArchiveWriter {
  static final String BASE = "base";
  static final String PATCH = "changes.patch";
  static final String FILES = "files/";

  private static final int BUFFER = 64 * 1024;
  private static final int MOST_NOTES = 20;

  private final Bounds bounds;
  private final Deadline deadline;
  private final List<String> notes = new ArrayList<>();
  private int entries;
  private long unpacked;

  /** A writer within these bounds. */
  public ArchiveWriter(Bounds bounds, Deadline deadline) {
    this.bounds = bounds;
    this.deadline = deadline;
  }

  /** Sentences on what is not in the archive. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Writes it. Nothing may write the tree meanwhile.
   *
   * @param tracked the paths in the tree that are the commit's
   * @param file where; must not exist
   * @throws IOException when it would be too large, takes too long, or the disk fails; then the
   *     file is of no use
   */
  public void write(Optional<String> base, Path patch, Path tree, Set<String> tracked, Path file)
      throws IOException {
    GzipParameters quick = new GzipParameters();
    quick.setCompressionLevel(1);
    try (OutputStream raw = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
        OutputStream bounded = new Bounded(raw);
        TarArchiveOutputStream out =
            new TarArchiveOutputStream(
                new GzipCompressorOutputStream(new BufferedOutputStream(bounded, BUFFER), quick),
                UTF_8.name())) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(true);
      byte[] commit = base.orElse("").getBytes(UTF_8);
      TarArchiveEntry first = new TarArchiveEntry(BASE);
      first.setSize(commit.length);
      out.putArchiveEntry(first);
      out.write(commit);
      out.closeArchiveEntry();
      TarArchiveEntry second = new TarArchiveEntry(PATCH);
      second.setSize(Files.size(patch));
      put(out, second, patch);
      Files.walkFileTree(tree, new Others(out, tree, tracked));
    }
  }

  private void put(TarArchiveOutputStream out, TarArchiveEntry entry, Path file)
      throws IOException {
    count(entry.getSize());
    try (InputStream in = Files.newInputStream(file)) {
      out.putArchiveEntry(entry);
      byte[] buffer = new byte[BUFFER];
      long left = entry.getSize();
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException("a file has become shorter while it was read");
        }
        deadline.check();
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    out.closeArchiveEntry();
  }

  private void count(long bytes) throws IOException {
    deadline.check();
    entries++;
    unpacked += bytes;
    if (entries > bounds.entries()) {
      throw new IOException("it has more than " + bounds.entries() + " files");
    }
    if (unpacked > bounds.unpackedBytes()) {
      throw new IOException("its files have more than " + bounds.unpackedBytes() + " bytes");
    }
  }

  /** All that is not the commit's. */
  private final class Others extends SimpleFileVisitor<Path> {
    private final TarArchiveOutputStream out;
    private final Path tree;
    private final Set<String> tracked;

    Others(TarArchiveOutputStream out, Path tree, Set<String> tracked) {
      this.out = out;
      this.tree = tree;
      this.tracked = tracked;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (directory.equals(tree)) {
        return FileVisitResult.CONTINUE;
      }
      String name = name(directory);
      if (!EntryName.isSafe(name)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (isEmpty(directory) && isWritable(directory, name)) {
        count(0);
        TarArchiveEntry entry = new TarArchiveEntry(FILES + name + "/", TarConstants.LF_DIR);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
      }
      return FileVisitResult.CONTINUE;
    }

    private static boolean isEmpty(Path directory) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
        return !children.iterator().hasNext();
      } catch (IOException _) {
        // The visit of it fails as well, and is noted.
        return false;
      }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String name = name(file);
      if (tracked.contains(name) || !EntryName.isSafe(name) || !isWritable(file, name)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink()) {
        count(0);
        TarArchiveEntry entry = new TarArchiveEntry(FILES + name, TarConstants.LF_SYMLINK);
        entry.setLinkName(Files.readSymbolicLink(file).toString());
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
      } else if (attributes.isRegularFile() && isReadable(file, name)) {
        TarArchiveEntry entry = new TarArchiveEntry(FILES + name);
        entry.setSize(attributes.size());
        entry.setMode(mode(Files.getPosixFilePermissions(file)));
        entry.setLastModifiedTime(attributes.lastModifiedTime());
        put(out, entry, file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException why) {
      note("can't be read: " + name(file));
      return FileVisitResult.CONTINUE;
    }

    private boolean isReadable(Path file, String name) {
      boolean readable = Files.isReadable(file);
      if (!readable) {
        note("can't be read: " + name);
      }
      return readable;
    }

    /** A name that is no Unicode is shown with marks in its place, and would not come back. */
    private boolean isWritable(Path file, String name) {
      boolean writable = name.indexOf('\uFFFD') < 0 && file.equals(tree.resolve(name));
      if (!writable) {
        note("has a name that is no Unicode: " + name);
      }
      return writable;
    }

    private String name(Path file) {
      return tree.relativize(file).toString();
    }

    private void note(String what) {
      if (notes.size() < MOST_NOTES) {
        notes.add("not in the workspace's archive, " + what);
      }
    }
  }

  private static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {

      mode |=
          switch (permission) {
            case OWNER_READ -> 0400;
            case OWNER_WRITE -> 0200;
            case OWNER_EXECUTE -> 0100;
            case GROUP_READ -> 040;
            case GROUP_WRITE -> 020;
            case GROUP_EXECUTE -> 010;
            case OTHERS_READ -> 04;
            case OTHERS_WRITE -> 02;
            case OTHERS_EXECUTE -> 01;
          };
    }
    return mode;
  }

  /** Refuses what is beyond the largest archive. */
  private final class Bounded extends FilterOutputStream {
    private long written;

    Bounded(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      more(1);
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      more(length);
      out.write(bytes, from, length);
    }

    private void more(int length) throws IOException {
      written += length;
      if (written > bounds.archiveBytes()) {
        throw new IOException("its archive has more than " + bounds.archiveBytes() + " bytes");
      }
    }
  }
}
