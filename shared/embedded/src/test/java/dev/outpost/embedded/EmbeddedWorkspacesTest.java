package dev.outpost.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Spec;
import dev.outpost.tenant.Principal;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import dev.outpost.workspace.Booking;
import dev.outpost.workspace.WorkspaceId;
import dev.outpost.workspace.Workspaces;
import dev.outpost.workspace.WorkspacesContract;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  @Test
  void whoWantsAWorkspaceThatADeadOneHoldsGetsIt() {
    Installation installation = new Installation(Tier.STARTER);
    Spec spec =
        installation.dispatch(installation.accept("living", Booking.WhenBusy.REJECT)).spec();
    Principal client =
        new Principal(
            Installation.SAMPLE_TENANT, "key_01KAQH4Z9MT3Y6X2B5C8D1E7FG", Set.of(), Tier.STARTER);
    Admit admit =
        new Admit(
            installation.dispatches(),
            installation.launchQueue(),
            new Ulids(installation),
            installation);
    assertThat(admit.admit(client, List.of(spec), Optional.empty()))
        .isInstanceOf(Admission.WorkspaceBusy.class);

    WorkspaceId workspace = spec.booking().orElseThrow().workspace();
    installation.put(
        EmbeddedDispatches.WORKSPACES_HELD,
        Installation.SAMPLE_TENANT + "/" + workspace,
        Installation.SAMPLE_ID.value());
    assertThat(admit.admit(client, List.of(spec), Optional.empty()))
        .isInstanceOf(Admission.Accepted.class);
  }
}
