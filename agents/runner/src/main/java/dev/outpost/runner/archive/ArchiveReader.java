package dev.outpost.runner.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks what {@link ArchiveWriter} has written: content that an agent made, so it is not trusted.
 *
 * <ul>
 *   <li>Whatever a runner does not write (a path that leads out of the tree or into a {@code .git},
 *       a hard link, a device, too much of anything) makes the whole archive {@link Damaged}.
 *   <li>Nothing is written through a link: links are made last, and each directory on the way to a
 *       file is looked at.
 *   <li>What is in the tree already stays: the repository's files before the archive's.
 * </ul>
 *
 * @param archive the file
 * @param bounds what may be in it
 */
public record ArchiveReader(Path archive, Bounds bounds) {
  private static final int BUFFER = 64 * 1024;
  private static final int LONGEST_COMMIT = 64;

  private record Link(String name, String target) {}

  /**
   * Reads the commit that the work tree stood on, and writes the change of its files.
   *
   * @param patch where to write that; what is there is replaced
   * @return the commit; empty when there was none
   * @throws Damaged when it is no such archive
   */
  public Optional<String> head(Path patch) throws IOException {
    try (TarArchiveInputStream in = open()) {
      expect(in, ArchiveWriter.BASE);
      byte[] commit = in.readNBytes(LONGEST_COMMIT + 1);
      if (commit.length > LONGEST_COMMIT) {
        throw new Damaged("its commit has no name");
      }
      TarArchiveEntry change = expect(in, ArchiveWriter.PATCH);
      if (change.getSize() > bounds.unpackedBytes()) {
        throw new Damaged("it is too large");
      }
      Files.copy(in, patch, StandardCopyOption.REPLACE_EXISTING);
      return Optional.of(new String(commit, UTF_8)).filter(name -> !name.isEmpty());
    }
  }

  /**
   * Puts all other files into the tree.
   *
   * @return how many were put there; those stay out whose place is taken
   * @throws Damaged when it is no such archive
   */
  public int unpack(Path tree) throws IOException {
    int entries = 0;
    int put = 0;
    long left = bounds.unpackedBytes();
    List<Link> links = new ArrayList<>();
    try (TarArchiveInputStream in = open()) {
      expect(in, ArchiveWriter.BASE);
      expect(in, ArchiveWriter.PATCH);
      for (TarArchiveEntry entry = next(in); entry != null; entry = next(in)) {
        if (++entries > bounds.entries()) {
          throw new Damaged("it has too many files");
        }
        String name = name(entry);
        switch (entry.getLinkFlag()) {
          case TarConstants.LF_DIR -> {
            if (directory(tree, name).isPresent()) {
              put++;
            }
          }
          case TarConstants.LF_SYMLINK -> links.add(new Link(name, entry.getLinkName()));
          case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> {
            if (entry.isSparse() || entry.getSize() < 0 || entry.getSize() > left) {
              throw new Damaged("it is too large");
            }
            left -= entry.getSize();
            Optional<Path> place = place(tree, name);
            if (place.isPresent()) {
              write(in, entry, place.get());
              put++;
            }
          }
          default -> throw new Damaged("it has what is neither file, directory nor link");
        }
      }
    }
    for (Link link : links) {
      if (make(tree, link)) {
        put++;
      }
    }
    return put;
  }

  private TarArchiveInputStream open() throws IOException {
    InputStream file = Files.newInputStream(archive);
    try {
      return new TarArchiveInputStream(
          new GzipCompressorInputStream(new BufferedInputStream(file, BUFFER)), UTF_8.name());
    } catch (IOException e) {
      file.close();
      throw new Damaged("it is no archive");
    }
  }

  /** The next entry; null after the last. */
  private static TarArchiveEntry next(TarArchiveInputStream in) throws IOException {
    try {
      return in.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      // How the library tells of what means nothing; the names in its words are anybody's.
      throw new Damaged("its entries can't be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static TarArchiveEntry expect(TarArchiveInputStream in, String name) throws IOException {
    TarArchiveEntry entry = next(in);
    if (entry == null || !entry.getName().equals(name) || !entry.isFile()) {
      throw new Damaged("it has no " + name + " at its place");
    }
    return entry;
  }

  private static String name(TarArchiveEntry entry) throws Damaged {
    String whole = entry.getName();
    if (!whole.startsWith(ArchiveWriter.FILES)) {
      throw new Damaged("it has a file that is not below " + ArchiveWriter.FILES);
    }
    String name = whole.substring(ArchiveWriter.FILES.length());
    if (entry.isDirectory() && name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (!EntryName.isSafe(name)) {
      throw new Damaged("it has a file where none may be");
    }
    return name;
  }

  /** A free place in the tree, its directories made; empty when something is in the way. */
  private static Optional<Path> place(Path tree, String name) throws IOException {
    int slash = name.lastIndexOf('/');
    Optional<Path> parent =
        slash < 0 ? Optional.of(tree) : directory(tree, name.substring(0, slash));
    try {
      return parent
          .map(directory -> directory.resolve(name.substring(slash + 1)))
          .filter(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS));
    } catch (InvalidPathException _) {
      throw new Damaged("it has a name that this machine can't write");
    }
  }

  private static Optional<Path> directory(Path tree, String name) throws IOException {
    Path path = tree;
    for (String part : name.split("/", -1)) {
      try {
        path = path.resolve(part);
      } catch (InvalidPathException _) {
        throw new Damaged("it has a name that this machine can't write");
      }
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(path);
      } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
    }
    return Optional.of(path);
  }

  private static void write(TarArchiveInputStream in, TarArchiveEntry entry, Path place)
      throws IOException {
    // No more can come than the entry says, which was counted.
    try (OutputStream out =
        Files.newOutputStream(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      in.transferTo(out);
    }
    Files.setPosixFilePermissions(place, permissions(entry.getMode()));
    Files.setLastModifiedTime(place, entry.getLastModifiedTime());
  }

  /** Reading, writing and executing alone; what the runner must pack again it can read. */
  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    PosixFilePermission[] fromOwnersReading = PosixFilePermission.values();
    for (int bit = 0; bit < fromOwnersReading.length; bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(fromOwnersReading[bit]);
      }
    }
    return permissions;
  }

  private static boolean make(Path tree, Link link) throws IOException {
    Optional<Path> place = place(tree, link.name());
    if (place.isEmpty()) {
      return false;
    }
    try {
      Files.createSymbolicLink(place.get(), Path.of(link.target()));
      return true;
    } catch (FileAlreadyExistsException _) {
      return false;
    } catch (InvalidPathException _) {
      throw new Damaged("it has a link that this machine can't write");
    }
  }
}
