package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * The persistent workspace of a run: what it finds in its work tree beside the repository, and
 * leaves for the next one.
 *
 * @param workspaceId its id
 * @param name its name
 * @param url where its archive is: a URL for HTTP GETs of a short while; empty when none was saved
 *     yet
 */
public record WorkspaceArchive(String workspaceId, String name, Optional<String> url) {
  /** Largest archive that is saved, in bytes: S3 takes 5 GB in one PUT (its guide, "Quotas"). */
  public static final long MAX_BYTES = 2L << 30;

  /** Most bytes of all that is in one, unpacked: more than most disks of a task have room for. */
  public static final long MAX_UNPACKED_BYTES = 12L << 30;

  /** Most files, links and directories in one. */
  public static final int MAX_ENTRIES = 1_000_000;

  /** The media type that an archive is stored with. */
  public static final String CONTENT_TYPE = "application/gzip";

  /** Refuses nulls. */
  public WorkspaceArchive {
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(url, "url");
  }

  /** Leaves out the URL, whose signature opens the archive. */
  @Override
  public String toString() {
    return "WorkspaceArchive[" + workspaceId + "]";
  }
}
