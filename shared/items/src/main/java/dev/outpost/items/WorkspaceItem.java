package dev.outpost.items;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.KeptWorkspace;
import dev.outpost.workspace.WorkspaceId;
import java.util.Map;

/**
 * A persistent workspace: {@code tenant_id, sk = WORKSPACE#wsp_…, name, repository, generation,
 * size_bytes, created_at, last_used_at, last_dispatch_id, expires_at_epoch}.
 */
public final class WorkspaceItem {
  /** What is before the id in the {@link Tables#SORT_KEY} of each workspace. */
  public static final String SORT_KEY_PREFIX = "WORKSPACE#";

  /** A string: the dispatch for which the workspace was made. */
  public static final String GENERATION = "generation";

  /** A number: the size of its archive. */
  public static final String SIZE_BYTES = "size_bytes";

  /** A string: when it was last saved. */
  public static final String LAST_USED_AT = "last_used_at";

  /** A string: by which dispatch. */
  public static final String LAST_DISPATCH_ID = "last_dispatch_id";

  private WorkspaceItem() {}

  /** The {@link Tables#SORT_KEY} of a workspace. */
  public static String sortKey(WorkspaceId id) {
    return SORT_KEY_PREFIX + id;
  }

  /** The item. */
  public static Map<String, Object> toItem(KeptWorkspace workspace) {
    return new ItemWriter()
        .text(Tables.TENANT_ID, workspace.tenantId().value())
        .text(Tables.SORT_KEY, sortKey(workspace.id()))
        .text("name", workspace.name())
        .text("repository", workspace.repository())
        .text(GENERATION, workspace.generation().value())
        .number(SIZE_BYTES, workspace.sizeBytes())
        .instant("created_at", workspace.createdAt())
        .instant(LAST_USED_AT, workspace.lastUsedAt())
        .text(LAST_DISPATCH_ID, workspace.lastDispatchId().value())
        .number(Tables.EXPIRES, workspace.expiresAt().getEpochSecond())
        .item();
  }

  /**
   * The workspace of an item.
   *
   * @throws IllegalArgumentException when the item is none of a workspace
   */
  public static KeptWorkspace fromItem(Map<String, ?> item) {
    ItemReader reader = new ItemReader(item);
    return new KeptWorkspace(
        new WorkspaceId(reader.text(Tables.SORT_KEY).substring(SORT_KEY_PREFIX.length())),
        new TenantId(reader.text(Tables.TENANT_ID)),
        reader.text("name"),
        reader.text("repository"),
        new DispatchId(reader.text(GENERATION)),
        reader.number(SIZE_BYTES),
        reader.instant("created_at"),
        reader.instant(LAST_USED_AT),
        new DispatchId(reader.text(LAST_DISPATCH_ID)));
  }
}
