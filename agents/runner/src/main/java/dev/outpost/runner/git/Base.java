package dev.outpost.runner.git;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * What a patch is taken against: the work tree as it was before the agent saw it.
 *
 * @param commit the commit; empty when there is none
 * @param tree the commit's name, or that of the empty tree
 * @param objectFormat {@code sha1} or {@code sha256}
 * @param objects a copy of the repository's objects, outside the work tree
 */
record Base(Optional<String> commit, String tree, String objectFormat, Path objects) {
  /**
   * Copies a repository's objects. A copy, not hard links: who can write the work tree could change
   * a linked pack in place.
   */
  static void copyObjects(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
