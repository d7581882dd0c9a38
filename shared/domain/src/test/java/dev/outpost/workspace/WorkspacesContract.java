package dev.outpost.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Admission;
import dev.outpost.dispatch.Change;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.dispatch.DispatchEvent;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Dispatches;
import dev.outpost.dispatch.Spec;
import dev.outpost.run.Budget;
import dev.outpost.run.Workspace;
import dev.outpost.tenant.TenantId;
import dev.outpost.workspace.Booking.WhenBusy;
import dev.outpost.workspace.Workspaces.Deletion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link Workspaces} does, with the dispatches that use them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WorkspacesContract {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final String REPOSITORY = "https://github.com/owner/name.git";

  private final Ulids ulids = new Ulids(() -> T0);
  private final TenantId tenant = TenantId.random();

  /** The port under test; the same store each time. */
  protected abstract Workspaces workspaces();

  /** The dispatches of that store. */
  protected abstract Dispatches dispatches();

  private Dispatch dispatch(TenantId owner, String name, WhenBusy whenBusy) {
    Booking booking = new Booking(WorkspaceId.of(owner, REPOSITORY, name), name, whenBusy);
    Spec spec =
        new Spec(
            "script",
            Optional.empty(),
            "echo hello world",
            Optional.of("owner/name"),
            new Workspace(Optional.of(REPOSITORY), Optional.empty(), Workspace.Init.MINIMAL),
            Optional.empty(),
            Duration.ofMinutes(10),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Budget.NONE,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.of(booking));
    return Dispatch.accepted(DispatchId.next(ulids), owner, spec, T0);
  }

  /** One that works in the workspace of that name. */
  protected Dispatch dispatch(String name) {
    return dispatch(tenant, name, WhenBusy.WAIT);
  }

  private Dispatch launched(Dispatch dispatch) {
    assertThat(dispatches().admit(dispatch, 100, Optional.empty()))
        .isInstanceOf(Admission.Accepted.class);
    assertThat(
            dispatches()
                .change(dispatch.id(), new DispatchEvent.Launching(T0, "definition:1", 100)))
        .isInstanceOf(Change.Changed.class);
    return dispatch;
  }

  private WorkspaceId id(String name) {
    return WorkspaceId.of(tenant, REPOSITORY, name);
  }

  @Test
  void aWorkspaceIsMadeForTheFirstThatOpensItAndIsTheSameForTheNext() {
    Dispatch first = dispatch("same");
    assertThat(workspaces().find(tenant, id("same"), T0)).isEmpty();
    KeptWorkspace made = workspaces().open(first, T0);
    assertThat(made)
        .isEqualTo(
            new KeptWorkspace(
                id("same"), tenant, "same", REPOSITORY, first.id(), 0, T0, T0, first.id()));
    assertThat(workspaces().open(first, T0.plusSeconds(5))).isEqualTo(made);
    assertThat(workspaces().open(dispatch("same"), T0.plusSeconds(60))).isEqualTo(made);
    assertThat(workspaces().find(tenant, id("same"), T0.plusSeconds(60))).contains(made);
  }

  @Test
  void savingNotesSizeTimeAndDispatchAndKeepsTheGeneration() {
    KeptWorkspace made = workspaces().open(dispatch("saved"), T0);
    Dispatch next = dispatch("saved");
    Instant later = T0.plusSeconds(600);
    workspaces().saved(made.saved(next.id(), 3_000_000_000L, later));
    KeptWorkspace saved = workspaces().find(tenant, id("saved"), later).orElseThrow();
    assertThat(saved).isEqualTo(made.saved(next.id(), 3_000_000_000L, later));
    assertThat(saved.archiveKey()).isEqualTo(made.archiveKey());
  }

  @Test
  void whatIsNotThereIsNotMadeBySaving() {
    Dispatch nobody = dispatch("never");
    workspaces().saved(KeptWorkspace.of(nobody, T0).saved(nobody.id(), 10, T0));
    assertThat(workspaces().find(tenant, id("never"), T0)).isEmpty();
  }

  @Test
  void whatWasDeletedAndMadeAnewIsNotTakenForSaved() {
    KeptWorkspace old = workspaces().open(dispatch("anew"), T0);
    workspaces().delete(tenant, id("anew"), T0);
    KeptWorkspace made = workspaces().open(dispatch("anew"), T0.plusSeconds(5));
    workspaces().saved(old.saved(old.generation(), 10, T0.plusSeconds(9)));
    assertThat(workspaces().find(tenant, id("anew"), T0.plusSeconds(9))).contains(made);
  }

  @Test
  void ninetyDaysAfterItWasLastSavedItIsGone() {
    KeptWorkspace old = workspaces().open(dispatch("old"), T0);
    Dispatch saver = dispatch("old");
    Instant saved = T0.plus(Duration.ofDays(10));
    workspaces().saved(old.saved(saver.id(), 10, saved));
    Instant end = saved.plus(KeptWorkspace.KEPT);
    assertThat(workspaces().find(tenant, id("old"), end.minusSeconds(1))).isPresent();
    assertThat(workspaces().find(tenant, id("old"), end)).isEmpty();
    assertThat(workspaces().list(tenant, end)).noneMatch(w -> w.id().equals(id("old")));
    assertThat(workspaces().delete(tenant, id("old"), end)).isEqualTo(new Deletion.Unknown());
    KeptWorkspace made = workspaces().open(dispatch("old"), end);
    assertThat(made.generation()).isNotEqualTo(old.generation());
    assertThat(made.archiveKey()).isNotEqualTo(old.archiveKey());
  }

  @Test
  void aTenantSeesItsOwnAlone() {
    TenantId neighbour = TenantId.random();
    KeptWorkspace theirs = workspaces().open(dispatch(neighbour, "one", WhenBusy.WAIT), T0);
    workspaces().open(dispatch(neighbour, "two", WhenBusy.WAIT), T0);
    assertThat(workspaces().list(neighbour, T0))
        .hasSize(2)
        .allMatch(workspace -> workspace.tenantId().equals(neighbour))
        .isSortedAccordingTo((one, other) -> one.id().compareTo(other.id()));
    assertThat(workspaces().list(TenantId.random(), T0)).isEmpty();
    assertThat(workspaces().find(tenant, theirs.id(), T0)).isEmpty();
    assertThat(workspaces().delete(tenant, theirs.id(), T0)).isEqualTo(new Deletion.Unknown());
    assertThat(workspaces().find(neighbour, theirs.id(), T0)).contains(theirs);
  }

  @Test
  void aDeletedOneIsMadeAnewUnderAnotherKey() {
    KeptWorkspace made = workspaces().open(dispatch("deleted"), T0);
    assertThat(workspaces().delete(tenant, made.id(), T0)).isEqualTo(new Deletion.Deleted(made));
    assertThat(workspaces().find(tenant, made.id(), T0)).isEmpty();
    assertThat(workspaces().delete(tenant, made.id(), T0)).isEqualTo(new Deletion.Unknown());
    assertThat(workspaces().open(dispatch("deleted"), T0).archiveKey())
        .isNotEqualTo(made.archiveKey());
  }

  @Test
  void whatADispatchWorksInIsNotDeletedBeforeItsEnd() {
    Dispatch holder = launched(dispatch("used"));
    KeptWorkspace made = workspaces().open(holder, T0);
    assertThat(workspaces().delete(tenant, made.id(), T0))
        .isEqualTo(new Deletion.InUse(holder.id()));
    assertThat(workspaces().find(tenant, made.id(), T0)).contains(made);
    dispatches().change(holder.id(), new DispatchEvent.TaskGone(1, T0.plusSeconds(9)));
    assertThat(workspaces().delete(tenant, made.id(), T0)).isEqualTo(new Deletion.Deleted(made));
  }

  @Test
  void whatADispatchHasReservedIsNotDeletedEither() {
    KeptWorkspace made = workspaces().open(dispatch("reserved"), T0);
    Dispatch holder = dispatch(tenant, "reserved", WhenBusy.REJECT);
    assertThat(dispatches().admit(holder, 100, Optional.empty()))
        .isEqualTo(new Admission.Accepted(holder));
    assertThat(workspaces().delete(tenant, made.id(), T0))
        .isEqualTo(new Deletion.InUse(holder.id()));
  }
}
