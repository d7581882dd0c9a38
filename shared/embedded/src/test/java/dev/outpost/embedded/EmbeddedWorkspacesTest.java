package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import dev.outpost.workspace.WorkspacesContract;
import org.junit.jupiter.api.Test;

class EmbeddedWorkspacesTest extends WorkspacesContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();
  private final Dispatches dispatches = new EmbeddedDispatches(store, new EmbeddedStream(store));

  @Override
  protected Workspaces workspaces() {
    return new EmbeddedWorkspaces(store);
  }

  @Override
  protected Dispatches dispatches() {
    return dispatches;
  }

  @Test
  void whatADeadOneHoldsIsFreedAndWhatALivingOneHoldsIsNot() {
    Installation installation = new Installation(Tier.STARTER);
    TenantId tenant = Installation.SAMPLE_TENANT;
    DispatchId living = installation.accept("living", Booking.WhenBusy.REJECT);
    assertThat(installation.dispatches().freeEnded(tenant)).isZero();

    // As a table restored from a backup may have it.
    String other = WorkspaceId.of(tenant, "https://example.com/other.git", "default").value();
    installation.put(
        EmbeddedDispatches.WORKSPACES_HELD, tenant + "/" + other, Installation.SAMPLE_ID.value());
    assertThat(installation.dispatches().held(tenant).workspaces()).hasSize(2);
    assertThat(installation.dispatches().freeEnded(tenant)).isEqualTo(1);
    assertThat(installation.dispatches().held(tenant).workspaces().values())
        .containsExactly(living);
  }
}
