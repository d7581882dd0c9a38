package dev.outpost.ecs.event;

import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import java.util.Objects;

/**
 * What a task's state says of its dispatch.
 *
 * @param id the dispatch that the task was started for
 * @param event what happened to it: {@link DispatchEvent.Launched} or {@link
 *     DispatchEvent.TaskStopped}
 */
public record TaskSeen(DispatchId id, DispatchEvent event) {
  /** Refuses nulls. */
  public TaskSeen {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(event, "event");
  }
}
