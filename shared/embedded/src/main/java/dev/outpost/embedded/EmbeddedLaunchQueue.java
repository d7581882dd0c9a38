package dev.outpost.embedded;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.launch.LaunchQueue;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The launch queue on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedLaunchQueue implements LaunchQueue {
  private final EmbeddedQueue queue;

  /** On that queue. */
  public EmbeddedLaunchQueue(EmbeddedQueue queue) {
    this.queue = Objects.requireNonNull(queue, "queue");
  }

  @Override
  public void send(DispatchId id, TenantId tenantId, Duration delay) {
    queue.send(
        ItemJson.write(Map.of("dispatchId", id.value())), Optional.of(tenantId.value()), delay);
  }
}
