package dev.outpost.tenant;

import java.util.Optional;

/** The tenants' standing context documents, at most one each. Safe for use by many threads. */
public interface ContextDocuments {
  /** The tenant's document, read with strong consistency. */
  Optional<ContextDocument> find(TenantId id);

  /** Sets the tenant's document; one that was there is replaced. */
  void put(TenantId id, ContextDocument document);

  /**
   * Removes the tenant's document.
   *
   * @return whether there was one
   */
  boolean remove(TenantId id);
}
