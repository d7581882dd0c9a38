package dev.outpost.dispatch;

import dev.outpost.workspace.WorkspaceId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a tenant's dispatches hold.
 *
 * @param slots those that hold a slot
 * @param workspaces the persistent workspaces that are held, and by which dispatch each
 */
public record Held(Set<DispatchId> slots, Map<WorkspaceId, DispatchId> workspaces) {
  /** Nothing at all. */
  public static final Held NOTHING = new Held(Set.of(), Map.of());

  /** Copies them. */
  public Held {
    slots = Set.copyOf(slots);
    workspaces = Map.copyOf(workspaces);
  }

  /** Whether no other dispatch has the workspace, if one is needed at all. */
  public boolean lets(Waiting waiting) {
    return waiting
        .workspace()
        .map(workspaces::get)
        .filter(holder -> !holder.equals(waiting.id()))
        .isEmpty();
  }

  /**
   * Tells which waiting dispatches only want a slot. One whose workspace another has does not count
   * among those whose turn it is, and of several that want the same workspace only the first does:
   * they would hold up the others, and still could not start.
   *
   * @return to be asked of each once, the oldest first; for one thread
   */
  public Predicate<Waiting> turns() {
    Set<WorkspaceId> spokenFor = new HashSet<>();
    return waiting -> lets(waiting) && waiting.workspace().map(spokenFor::add).orElse(true);
  }
}
