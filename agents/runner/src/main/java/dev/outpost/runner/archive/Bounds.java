package dev.outpost.runner.archive;

import dev.outpost.run.WorkspaceArchive;

/**
 * What an archive may have at most, when it is written and when it is unpacked.
 *
 * @param archiveBytes bytes of the archive itself
 * @param unpackedBytes bytes of all files in it
 * @param entries files, links and directories in it
 */
public record Bounds(long archiveBytes, long unpackedBytes, int entries) {
  /** Those of every run. */
  public static final Bounds USUAL =
      new Bounds(
          WorkspaceArchive.MAX_BYTES,
          WorkspaceArchive.MAX_UNPACKED_BYTES,
          WorkspaceArchive.MAX_ENTRIES);
}
