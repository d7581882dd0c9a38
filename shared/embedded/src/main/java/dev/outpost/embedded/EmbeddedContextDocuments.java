package dev.outpost.embedded;

import dev.outpost.items.ContextDocumentItem;
import dev.outpost.tenant.ContextDocument;
import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.TenantId;
import java.util.Objects;
import java.util.Optional;

/** Context documents on the embedded store. Safe for use by many threads of one process. */
public final class EmbeddedContextDocuments implements ContextDocuments {
  private static final String DOCUMENTS = "context_documents";

  private final EmbeddedStore store;

  /** In that store. */
  public EmbeddedContextDocuments(EmbeddedStore store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  @Override
  public Optional<ContextDocument> find(TenantId id) {
    return store.get(DOCUMENTS, id.value()).map(ItemJson::read).map(ContextDocumentItem::fromItem);
  }

  @Override
  public void put(TenantId id, ContextDocument document) {
    store.change(
        tx ->
            tx.put(
                DOCUMENTS, id.value(), ItemJson.write(ContextDocumentItem.toItem(id, document))));
  }

  @Override
  public boolean remove(TenantId id) {
    return store.transact(
        tx -> {
          boolean there = tx.get(DOCUMENTS, id.value()).isPresent();
          tx.remove(DOCUMENTS, id.value());
          return there;
        });
  }
}
