package dev.outpost.dispatch;

import dev.outpost.tenant.TenantId;
import java.util.Objects;

/** What the reconciler must look at, as it was lately: it may have changed since. */
public sealed interface Due {
  /** The dispatch. */
  DispatchId id();

  /**
   * It waits for a slot, and its message may be lost.
   *
   * @param id the dispatch
   * @param tenantId whose it is
   * @param expired whether its time to wait is over
   */
  record Pending(DispatchId id, TenantId tenantId, boolean expired) implements Due {
    /** Refuses nulls. */
    public Pending {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(tenantId, "tenantId");
    }
  }

  /**
   * It was launched, and something should have been heard of it.
   *
   * @param id the dispatch
   */
  record Launched(DispatchId id) implements Due {
    /** Refuses nulls. */
    public Launched {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * It has ended, and that everybody was told is not noted.
   *
   * @param id the dispatch
   */
  record Untold(DispatchId id) implements Due {
    /** Refuses nulls. */
    public Untold {
      Objects.requireNonNull(id, "id");
    }
  }
}
