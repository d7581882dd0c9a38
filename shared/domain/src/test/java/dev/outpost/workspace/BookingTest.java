package dev.outpost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.tenant.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookingTest {
  private static final TenantId TENANT = new TenantId("11111111-2222-4333-8444-555555555555");
  private static final String REPOSITORY = "https://github.com/owner/name.git";

  @Test
  void theIdFollowsFromTenantRepositoryAndName() {
    WorkspaceId id = WorkspaceId.of(TENANT, REPOSITORY, "default");
    assertThat(id).isEqualTo(WorkspaceId.of(TENANT, REPOSITORY, "default"));
    assertThat(WorkspaceId.parse(id.value())).contains(id);
    assertThat(
            List.of(
                WorkspaceId.of(TenantId.INSTALLATION, REPOSITORY, "default"),
                WorkspaceId.of(TENANT, REPOSITORY + "x", "default"),
                WorkspaceId.of(TENANT, REPOSITORY, "Default")))
        .doesNotContain(id);
  }

  @Test
  void anIdIsOfThatFormAlone() {
    for (String other :
        List.of("", "wsp_", "slots", "wsp_" + "0".repeat(31), "wsp_" + "G".repeat(32))) {
      assertThat(WorkspaceId.parse(other)).isEmpty();
    }
  }

  @Test
  void aNameHasOneToSixtyFourPlainCharacters() {
    for (String name : List.of("a", "night-build_2.0", "x".repeat(64), "..")) {
      assertThat(Booking.isName(name)).as(name).isTrue();
    }
    WorkspaceId id = WorkspaceId.of(TENANT, REPOSITORY, "default");
    for (String name : List.of("", "x".repeat(65), "a/b", "a b", "ä", "a\n")) {
      assertThatThrownBy(() -> new Booking(id, name, Booking.WhenBusy.WAIT))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatStandsInForAnotherWaits() {
    WorkspaceId id = WorkspaceId.of(TENANT, REPOSITORY, "default");
    assertThat(new Booking(id, "default", Booking.WhenBusy.REJECT).waiting())
        .isEqualTo(new Booking(id, "default", Booking.WhenBusy.WAIT));
  }
}
