package dev.outpost.machine;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Removal of a directory with all that is in it, whatever its writers thought of permissions. Never
 * follows a link.
 */
public final class DirectoryRemoval {
  private DirectoryRemoval() {}

  /** Removes what can be removed; what is not there needs no removal. */
  public static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              // Package managers make directories read-only, and then nothing in them can go.
              boolean _ = dir.toFile().setWritable(true) && dir.toFile().setExecutable(true);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              return delete(file);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return delete(file);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException e) {
              return delete(dir);
            }
          });
    } catch (IOException _) {
      // The next start tries again.
    }
  }

  private static FileVisitResult delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException _) {
      // The rest shall go all the same; the next start tries again.
    }
    return FileVisitResult.CONTINUE;
  }
}
