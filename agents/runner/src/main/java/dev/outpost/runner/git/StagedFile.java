package dev.outpost.runner.git;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One file of a change, from {@code git diff --raw --numstat -z}. Paths are git's bytes as Latin-1:
 * they have any encoding, and this JVM's may have none for them.
 *
 * @param oldMode mode in the base, all zeros when it is not there
 * @param oldObject object in the base
 * @param newObject object in the index
 * @param oldPath path in the base, for a rename
 * @param path path in the index, or in the base for a deletion
 * @param binary whether git takes it for binary
 */
record StagedFile(
    String oldMode,
    String oldObject,
    String newObject,
    Optional<String> oldPath,
    String path,
    boolean binary) {
  /** Reads the raw entries, which come first, and then from the counts what is binary. */
  static List<StagedFile> of(List<String> fields) {
    List<StagedFile> files = new ArrayList<>();
    int at = 0;
    while (at < fields.size() && fields.get(at).startsWith(":")) {
      // :100644 100755 <old> <new> R087
      String[] entry = fields.get(at).substring(1).split(" ", 5);
      boolean moved = entry[4].startsWith("R") || entry[4].startsWith("C");
      files.add(
          new StagedFile(
              entry[0],
              entry[2],
              entry[3],
              moved ? Optional.of(fields.get(at + 1)) : Optional.empty(),
              fields.get(moved ? at + 2 : at + 1),
              false));
      at += moved ? 3 : 2;
    }
    for (int i = 0; i < files.size() && at < fields.size(); i++) {
      if (fields.get(at).startsWith("-\t-\t")) {
        files.set(i, files.get(i).asBinary());
      }
      at += fields.get(at).endsWith("\t") ? 3 : 1;
    }
    return files;
  }

  private StagedFile asBinary() {
    return new StagedFile(oldMode, oldObject, newObject, oldPath, path, true);
  }

  boolean isNewName() {
    return oldPath.isPresent() || oldMode.equals("000000");
  }

  /** What {@code git update-index --index-info -z} takes to bring the base's state back. */
  String undoing() {
    String none = "0 " + "0".repeat(newObject.length()) + "\t" + path + "\0";
    if (oldPath.isPresent()) {
      return none + oldMode + " " + oldObject + "\t" + oldPath.get() + "\0";
    }
    return oldMode.equals("000000") ? none : oldMode + " " + oldObject + "\t" + path + "\0";
  }

  /** The fields of a file of git's, each ended by a NUL. */
  static List<String> fields(Path file) throws IOException {
    List<String> fields = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      StringBuilder field = new StringBuilder();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == 0) {
          fields.add(field.toString());
          field.setLength(0);
        } else {
          field.append((char) b);
        }
      }
    }
    return fields;
  }
}
