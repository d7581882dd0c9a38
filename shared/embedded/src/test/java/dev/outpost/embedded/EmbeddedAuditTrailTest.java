package dev.outpost.embedded;

import dev.outpost.audit.AuditTrail;
import dev.outpost.audit.AuditTrailContract;

class EmbeddedAuditTrailTest extends AuditTrailContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected AuditTrail trail() {
    return new EmbeddedAuditTrail(store);
  }
}
