package dev.outpost.dispatch;

import dev.outpost.workspace.WorkspaceId;
import java.util.Objects;
import java.util.Optional;

/**
 * A dispatch that waits for a slot.
 *
 * @param id the dispatch
 * @param workspace the persistent workspace that it needs beside the slot, if any
 */
public record Waiting(DispatchId id, Optional<WorkspaceId> workspace) {
  /** Refuses nulls. */
  public Waiting {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(workspace, "workspace");
  }
}
