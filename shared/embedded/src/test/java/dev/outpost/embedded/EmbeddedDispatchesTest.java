package dev.outpost.embedded;

import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;

class EmbeddedDispatchesTest extends DispatchesContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final Dispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }

  @Override
  public AuditTrail audit() {
    return new EmbeddedAuditTrail(store);
  }
}
