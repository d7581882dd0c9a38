package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.audit.AuditTrail;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.DispatchesContract;
import dev.outpost.dispatch.Due;
import dev.outpost.tenant.TenantId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EmbeddedDispatchesTest extends DispatchesContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final Dispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));

  @Override
  public Dispatches dispatches() {
    return dispatches;
  }

  @Test
  void whatWaitsSinceAnEarlierVersionIsDueAndItsTimeNotOver() {
    Instant due = Instant.parse("2026-11-22T10:01:00Z");
    DispatchId id = DispatchId.floor(due);
    TenantId tenant = TenantId.random();
    EmbeddedStore old = EmbeddedStore.inMemory();
    old.change(
        tx ->
            tx.put(
                "dispatches_due",
                Sortable.instant(due) + "/" + id,
                tenant.value() + "|pending|script"));
    assertThat(new EmbeddedDispatches(old, new EmbeddedStream(old)).due(due))
        .containsExactly(new Due.Pending(id, tenant, false));
  }

  @Override
  public AuditTrail audit() {
    return new EmbeddedAuditTrail(store);
  }
}
