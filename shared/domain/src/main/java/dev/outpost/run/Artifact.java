package dev.outpost.run;

import java.util.Objects;
import java.util.Optional;

/**
 * A file that a run left in the object store.
 *
 * @param type which of those
 * @param sizeBytes its size in bytes
 */
public record Artifact(Type type, long sizeBytes) {
  /** Refuses a negative size. */
  public Artifact {
    Objects.requireNonNull(type, "type");
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("an artifact's size is negative");
    }
  }

  /** The files that a run may leave: four for people, and one for runs that go on from it. */
  public enum Type {
    /** Outcome, exit code, summary, usage and cost. */
    RESULT("result.json", "application/json"),
    /** The change as a binary-safe patch that {@code git apply} takes on the base commit. */
    PATCH("changes.patch", "text/x-diff"),
    /** All that the agent printed, scrubbed. */
    LOG("execution.log", "text/plain; charset=utf-8"),
    /** What was run: agent, model, repository, base commit, versions, times. */
    METADATA("metadata.json", "application/json"),
    /** The agent's conversation, scrubbed, for a run that continues this one; shown to nobody. */
    SESSION("session.txt", "text/plain; charset=utf-8");

    private final String fileName;
    private final String contentType;

    Type(String fileName, String contentType) {
      this.fileName = fileName;
      this.contentType = contentType;
    }

    /** Whether it is among the artifacts that a dispatch's owner is shown. */
    public boolean isShown() {
      return this != SESSION;
    }

    /** The file's name, which is also its wire name. */
    public String fileName() {
      return fileName;
    }

    /** The media type it is stored with. */
    public String contentType() {
      return contentType;
    }

    /** The type of that file name, or empty. */
    public static Optional<Type> of(String fileName) {
      for (Type type : values()) {
        if (type.fileName.equals(fileName)) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }
}
