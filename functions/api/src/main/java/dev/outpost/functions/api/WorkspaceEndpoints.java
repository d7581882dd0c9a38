package dev.outpost.functions.api;

import dev.outpost.claim.ArtifactStore;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code /workspaces}: the tenant's persistent workspaces. Safe for use by many threads. */
final class WorkspaceEndpoints {
  private static final Logger LOG = System.getLogger(WorkspaceEndpoints.class.getName());

  private final Workspaces workspaces;
  private final Dispatches dispatches;
  private final ArtifactStore artifacts;
  private final InstantSource clock;

  WorkspaceEndpoints(
      Workspaces workspaces, Dispatches dispatches, ArtifactStore artifacts, InstantSource clock) {
    this.workspaces = Objects.requireNonNull(workspaces, "workspaces");
    this.dispatches = Objects.requireNonNull(dispatches, "dispatches");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** {@code GET /workspaces}. */
  Answer list(Call call) throws Refused {
    new Query(call.request()).done();
    List<KeptWorkspace> all = workspaces.list(tenant(call), clock.instant());
    Map<WorkspaceId, DispatchId> held =
        all.isEmpty() ? Map.of() : dispatches.held(tenant(call)).workspaces();
    return Answer.ok(
        Map.of("workspaces", all.stream().map(workspace -> shown(workspace, held)).toList()));
  }

  /** {@code GET /workspaces/{id}}. */
  Answer read(Call call) throws Refused {
    new Query(call.request()).done();
    KeptWorkspace workspace =
        workspaces
            .find(tenant(call), id(call), clock.instant())
            .orElseThrow(WorkspaceEndpoints::none);
    return Answer.ok(shown(workspace, dispatches.held(tenant(call)).workspaces()));
  }

  /** {@code DELETE /workspaces/{id}}. */
  Answer delete(Call call) throws Refused {
    new Query(call.request()).done();
    return switch (delete(tenant(call), id(call))) {
      case Workspaces.Deletion.Deleted deleted -> {
        removeArchive(deleted.was());
        yield Answer.ok(Map.of("workspaceId", deleted.was().id().value(), "deleted", true));
      }
      case Workspaces.Deletion.InUse used ->
          throw new Refused(
              ErrorCode.CONFLICT,
              "The workspace is in use by the dispatch "
                  + used.by()
                  + "; cancel that, or wait for its end.");
      case Workspaces.Deletion.Unknown _ -> throw none();
    };
  }

  /** One that is held by a dispatch which has ended, or which is not there, is held by nobody. */
  private Workspaces.Deletion delete(TenantId tenant, WorkspaceId id) {
    Workspaces.Deletion deletion = workspaces.delete(tenant, id, clock.instant());
    return deletion instanceof Workspaces.Deletion.InUse && dispatches.freeEnded(tenant) > 0
        ? workspaces.delete(tenant, id, clock.instant())
        : deletion;
  }

  /** Nobody finds the archive any more; if it can't be removed now, the store does it in time. */
  private void removeArchive(KeptWorkspace workspace) {
    try {
      artifacts.remove(workspace);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the archive of " + workspace.id() + " is left to its expiry", e);
    }
  }

  private static TenantId tenant(Call call) {
    return call.principal().tenantId();
  }

  private static WorkspaceId id(Call call) throws Refused {
    return WorkspaceId.parse(call.id()).orElseThrow(WorkspaceEndpoints::none);
  }

  private static Map<String, Object> shown(
      KeptWorkspace workspace, Map<WorkspaceId, DispatchId> held) {
    DispatchId holder = held.get(workspace.id());
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("workspaceId", workspace.id().value());
    shown.put("name", workspace.name());
    shown.put("repository", workspace.repository());
    shown.put("sizeBytes", workspace.sizeBytes());
    shown.put("createdAt", WireTime.of(workspace.createdAt()));
    shown.put("lastUsedAt", WireTime.of(workspace.lastUsedAt()));
    shown.put("lastDispatchId", workspace.lastDispatchId().value());
    shown.put("expiresAt", WireTime.of(workspace.expiresAt()));
    shown.put("inUseBy", holder == null ? null : holder.value());
    return shown;
  }

  /** The one answer for an unknown id, another tenant's id, and what is no id. */
  private static Refused none() {
    return new Refused(ErrorCode.NOT_FOUND, "There is no such workspace.");
  }
}
