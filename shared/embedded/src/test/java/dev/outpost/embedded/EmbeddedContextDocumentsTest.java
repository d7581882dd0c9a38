package dev.outpost.embedded;

import dev.outpost.tenant.ContextDocuments;
import dev.outpost.tenant.ContextDocumentsContract;

class EmbeddedContextDocumentsTest extends ContextDocumentsContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected ContextDocuments documents() {
    return new EmbeddedContextDocuments(store);
  }
}
