package dev.outpost.runner.git;

import dev.outpost.runner.scrub.Scrubber;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The agent's change as a patch that {@code git apply} takes on the base commit.
 *
 * <p>Taken with a repository of our own, made after the agent's last process is gone: it borrows
 * the base's objects and has our configuration only, so that nothing the agent left in its {@code
 * .git} is read, let alone run. What counts is the work tree as it is: commits, branches and the
 * index of the agent's own repository say nothing more.
 *
 * <ul>
 *   <li>A repository that the agent made inside the tree is recorded by its files, not as a link to
 *       a commit that nobody else has: its {@code .git} is removed first.
 *   <li>What {@code .gitignore} excludes is not in it, as in a commit; nor what an agent keeps in
 *       the tree for itself.
 *   <li>A file of more than 100 MB is left out, and named in the notes.
 *   <li>What git cannot read is left out, and named in the notes; FIFOs and sockets are no files.
 *   <li>A binary file with one of the job's secrets in it is left out and named, since its bytes
 *       cannot be changed; so is a file with a secret in its name. In text the added lines are
 *       scrubbed (see {@link PatchScrub}).
 * </ul>
 *
 * @param file the patch, scrubbed
 * @param files the paths of the files that it changes, in git's order
 * @param notes sentences for the log on what is not in it
 */
public record Patch(Path file, List<String> files, List<String> notes) {
  private static final int MOST_NOTES = 20;

  /** Copies the paths; keeps the first notes, each once. */
  public Patch {
    files = List.copyOf(files);
    notes = notes.stream().distinct().limit(MOST_NOTES).toList();
  }

  /** How many files it changes. */
  public int filesChanged() {
    return files.size();
  }

  /**
   * Takes the patch. Nothing may write the work tree meanwhile.
   *
   * @param git of the run
   * @param scratch an existing directory of our own
   * @param file where to write the patch; must not exist
   * @throws IOException when the tree is no longer there, or git or the disk fails
   */
  public static Patch take(WorkTree tree, Git git, Scrubber scrubber, Path scratch, Path file)
      throws IOException {
    Staging staging = Staging.of(tree, git, scratch);
    staging.addAll();
    List<String> changed = staging.leaveOut(scrubber);
    staging.writeDiff(file, scrubber);
    return new Patch(file, changed, staging.notes());
  }
}
