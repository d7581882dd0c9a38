package dev.outpost.embedded;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.items.WorkspaceItem;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Persistent workspaces on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedWorkspaces implements Workspaces {
  private static final String WORKSPACES = "workspaces";

  private final EmbeddedStore store;

  /** In that store, which has the {@link EmbeddedDispatches} that work in them as well. */
  public EmbeddedWorkspaces(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public KeptWorkspace open(Dispatch dispatch, Instant now) {
    KeptWorkspace fresh = KeptWorkspace.of(dispatch, now);
    return store.transact(
        tx ->
            find(tx, fresh.tenantId(), fresh.id(), now)
                .orElseGet(
                    () -> {
                      put(tx, fresh);
                      return fresh;
                    }));
  }

  @Override
  public Optional<KeptWorkspace> find(TenantId tenantId, WorkspaceId id, Instant now) {
    return store.read(view -> find(view, tenantId, id, now));
  }

  private static Optional<KeptWorkspace> find(
      StoreView view, TenantId tenantId, WorkspaceId id, Instant now) {
    return view.get(WORKSPACES, key(tenantId, id))
        .map(ItemJson::read)
        .map(WorkspaceItem::fromItem)
        .filter(workspace -> workspace.isThere(now));
  }

  @Override
  public List<KeptWorkspace> list(TenantId tenantId, Instant now) {
    return store.read(
        view -> {
          try (Stream<StoreView.Entry> entries =
              view.ascending(WORKSPACES, tenantId.value() + "/")) {
            return entries
                .map(entry -> WorkspaceItem.fromItem(ItemJson.read(entry.value())))
                .filter(workspace -> workspace.isThere(now))
                .toList();
          }
        });
  }

  @Override
  public void saved(KeptWorkspace workspace) {
    store.change(
        tx ->
            find(tx, workspace.tenantId(), workspace.id(), workspace.lastUsedAt())
                .filter(there -> there.generation().equals(workspace.generation()))
                .ifPresent(_ -> put(tx, workspace)));
  }

  @Override
  public Deletion delete(TenantId tenantId, WorkspaceId id, Instant now) {
    return store.transact(
        tx -> {
          Optional<KeptWorkspace> there = find(tx, tenantId, id, now);
          if (there.isEmpty()) {
            return new Deletion.Unknown();
          }
          Optional<String> holder = tx.get(EmbeddedDispatches.WORKSPACES_HELD, key(tenantId, id));
          if (holder.isPresent()) {
            return new Deletion.InUse(new DispatchId(holder.get()));
          }
          tx.remove(WORKSPACES, key(tenantId, id));
          return new Deletion.Deleted(there.get());
        });
  }

  private static void put(StoreTransaction tx, KeptWorkspace workspace) {
    tx.put(
        WORKSPACES,
        key(workspace.tenantId(), workspace.id()),
        ItemJson.write(WorkspaceItem.toItem(workspace)));
  }

  private static String key(TenantId tenantId, WorkspaceId id) {
    return tenantId.value() + "/" + id;
  }
}
