package dev.outpost.functions.api;

import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Spec;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a tenant may have one more persistent workspace. The count is not exact: requests that
 * come together may each find room for the last one.
 */
final class WorkspaceRoom {
  private final Workspaces workspaces;
  private final Dispatches dispatches;
  private final InstantSource clock;

  WorkspaceRoom(Workspaces workspaces, Dispatches dispatches, InstantSource clock) {
    this.workspaces = Objects.requireNonNull(workspaces, "workspaces");
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Asks for the room that a dispatch needs; most need none, and ask for nothing.
   *
   * @throws Refused when there is none
   */
  void check(TenantId tenantId, Spec spec) throws Refused {
    Optional<Booking> booking = spec.booking();
    Instant now = clock.instant();
    if (booking.isEmpty()
        || workspaces.find(tenantId, booking.get().workspace(), now).isPresent()) {
      return;
    }
    Set<WorkspaceId> all = new HashSet<>(dispatches.held(tenantId).workspaces().keySet());
    workspaces.list(tenantId, now).stream().map(KeptWorkspace::id).forEach(all::add);
    all.remove(booking.get().workspace());
    if (all.size() >= Workspaces.MAX) {
      throw new Refused(
          ErrorCode.CONFLICT,
          "There are "
              + Workspaces.MAX
              + " workspaces already, as many as a tenant may have; delete one, or work in one.");
    }
  }
}
