package dev.outpost.workspace;

import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the tenants' persistent workspaces. Who works in one is for {@link
 * dev.outpost.dispatch.Dispatches} to say, which moves that with the states of dispatches. Safe for
 * use by many threads and processes.
 *
 * <p>A workspace past its {@link KeptWorkspace#expiresAt} is not there any more, whatever is still
 * stored of it.
 */
public interface Workspaces {
  /**
   * How many workspaces a tenant may have; a bound for its storage, and for the item that says who
   * works in which of them.
   */
  int MAX = 100;

  /**
   * The workspace that the dispatch has booked; made, empty, when there is none. The same dispatch
   * gets the same answer again.
   *
   * @param dispatch one that holds the workspace
   */
  KeptWorkspace open(Dispatch dispatch, Instant now);

  /** A tenant's workspace, read with strong consistency. */
  Optional<KeptWorkspace> find(TenantId tenantId, WorkspaceId id, Instant now);

  /** All of a tenant's workspaces, in the order of their ids. */
  List<KeptWorkspace> list(TenantId tenantId, Instant now);

  /**
   * Notes that a run has saved a workspace. Nothing happens when it is not there any more; one of
   * another generation that is there instead has another archive.
   *
   * @param workspace as {@link KeptWorkspace#saved} makes it
   */
  void saved(KeptWorkspace workspace);

  /**
   * Forgets a workspace, if no dispatch works in it or has it reserved.
   *
   * @return what became of it; its archive is the caller's to remove
   */
  Deletion delete(TenantId tenantId, WorkspaceId id, Instant now);

  /** What became of a workspace that was to be deleted. */
  sealed interface Deletion {
    /** It is forgotten. */
    record Deleted(KeptWorkspace was) implements Deletion {
      /** Refuses null. */
      public Deleted {
        Objects.requireNonNull(was, "was");
      }
    }

    /** A dispatch has it; nothing changed. */
    record InUse(DispatchId by) implements Deletion {
      /** Refuses null. */
      public InUse {
        Objects.requireNonNull(by, "by");
      }
    }

    /** The tenant has no such workspace. */
    record Unknown() implements Deletion {}
  }
}
