package dev.outpost.runner;

import dev.outpost.run.Artifact;
import dev.outpost.runner.agent.AgentUser;
import dev.outpost.runner.git.DirectoryRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * The places of one run on disk.
 *
 * @param root all of it
 * @param isOurs whether the root was made by this runner, which then removes it
 */
record RunDirectory(Path root, boolean isOurs) {
  /**
   * Makes the places.
   *
   * @throws IOException when the given directory was used before, or the disk fails
   */
  static RunDirectory make(Optional<Path> given) throws IOException {
    RunDirectory directory =
        given.isPresent()
            ? new RunDirectory(Files.createDirectories(given.get()).toRealPath(), false)
            : new RunDirectory(Files.createTempDirectory("outpost-run").toRealPath(), true);
    Files.createDirectory(directory.home());
    Files.createDirectory(directory.temporary());
    Files.createDirectory(directory.scratch());
    Files.createDirectory(directory.artifacts());
    return directory;
  }

  /**
   * Gives an agent's user what is the agent's, and closes the rest to it. What leads to the root
   * must be open to it already.
   *
   * @throws IOException when it cannot be given
   */
  void giveTo(AgentUser user) throws IOException {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
    for (Path own : List.of(scratch(), artifacts(), objects())) {
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
    }
    user.give(tree(), home(), temporary(), task());
  }

  /**
   * Takes it back after the agent's last process.
   *
   * @throws IOException when it cannot be taken
   */
  void takeBackFrom(AgentUser user) throws IOException {
    user.takeBack(tree(), home(), temporary());
  }

  /** The agent's work tree; made by the clone. */
  Path tree() {
    return root.resolve("tree");
  }

  /** The agent's HOME. */
  Path home() {
    return root.resolve("home");
  }

  /** The agent's TMPDIR. */
  Path temporary() {
    return root.resolve("tmp");
  }

  /** The task's text. */
  Path task() {
    return root.resolve("task.txt");
  }

  /** The patch of the earlier dispatch that this run continues. */
  Path parentPatch() {
    return scratch().resolve("parent.patch");
  }

  /** The archive of the persistent workspace, as it was fetched. */
  Path fetchedArchive() {
    return scratch().resolve("fetched.tar.gz");
  }

  /** The archive of the persistent workspace, as it is saved. */
  Path savedArchive() {
    return scratch().resolve("saved.tar.gz");
  }

  /** The base commit's objects; made by the clone. */
  Path objects() {
    return root.resolve("base");
  }

  /** For the runner's own calls of git. */
  Path scratch() {
    return root.resolve("scratch");
  }

  private Path artifacts() {
    return root.resolve("artifacts");
  }

  /** Where an artifact is written. */
  Path artifact(Artifact.Type type) {
    return artifacts().resolve(type.fileName());
  }

  /** Removes all of it when it is ours; what cannot be removed stays. */
  void remove() {
    if (isOurs) {
      try {
        DirectoryRemoval.remove(root);
      } catch (IOException _) {
        // The agent made a directory unreadable; the machine's temporary files are swept anyway.
      }
    }
  }
}
