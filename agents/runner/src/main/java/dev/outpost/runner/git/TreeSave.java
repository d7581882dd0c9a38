package dev.outpost.runner.git;

import dev.outpost.runner.archive.ArchiveWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A work tree on its way into an archive, for the next run in the same workspace. As with a {@link
 * Patch}, what the agent left in its {@code .git} is neither read nor kept: the next run clones
 * anew.
 */
public final class TreeSave {
  private TreeSave() {}

  /**
   * Writes the archive. Nothing may write the tree meanwhile.
   *
   * @param git of the run
   * @param scratch an existing directory of our own
   * @param file where to write it; must not exist
   * @throws IOException when it is beyond the writer's bounds, or git or the disk fails
   */
  public static void write(WorkTree tree, Git git, Path scratch, ArchiveWriter writer, Path file)
      throws IOException {
    Staging staging = Staging.of(tree, git, scratch);
    Set<String> tracked = staging.tracked();
    staging.addTracked();
    Path change = Files.createTempDirectory(scratch, "save").resolve("changes.patch");
    staging.writeDiff(change);
    writer.write(tree.baseCommit(), change, tree.path(), tracked, file);
  }
}
