package dev.outpost.launch;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Enqueues a tenant's oldest waiting dispatches, as many as it has free slots. */
public final class WakeWaiting {
  private final Dispatches dispatches;
  private final Tenants tenants;
  private final LaunchQueue queue;
  private final InstantSource clock;

  /** The use case on these ports. */
  public WakeWaiting(
      Dispatches dispatches, Tenants tenants, LaunchQueue queue, InstantSource clock) {
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.tenants = Objects.requireNonNull(tenants, "tenants");
    this.queue = Objects.requireNonNull(queue, "queue");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Wakes what may start now. Too many messages do no harm: whoever finds no slot goes on waiting.
   *
   * @return how many were enqueued
   */
  public int wake(TenantId id) {
    // Most tenants have nobody waiting: one cheap query tells.
    List<DispatchId> waiting =
        dispatches.waiting(id, clock.instant(), Tier.ENTERPRISE.concurrent());
    if (waiting.isEmpty()) {
      return 0;
    }
    Optional<Tenant> tenant = tenants.find(id);
    if (tenant.isEmpty() || tenant.get().suspended()) {
      return 0;
    }
    int free = Math.max(0, tenant.get().tier().concurrent() - dispatches.slots(id).size());
    List<DispatchId> next = waiting.subList(0, Math.min(free, waiting.size()));
    next.forEach(dispatch -> queue.send(dispatch, id));
    return next.size();
  }
}
