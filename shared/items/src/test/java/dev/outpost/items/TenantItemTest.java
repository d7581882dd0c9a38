package dev.outpost.items;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeyHash;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantItemTest {
  private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456789Z");

  @Test
  void aTenantComesBackEqual() {
    for (Tier tier : Tier.values()) {
      Tenant tenant = new Tenant(TenantId.random(), "Ada & Co", "ada@example.org", tier, true, AT);
      TenantItem bare = new TenantItem(tenant, 1, List.of());
      TenantItem owner = bare.next(tenant, List.of(new KeyHash("b1"), new KeyHash("a2")));
      assertThat(TenantItem.fromItem(bare.toItem())).isEqualTo(bare);
      assertThat(TenantItem.fromItem(owner.toItem())).isEqualTo(owner);
    }
  }

  @Test
  void aKeyComesBackEqual() {
    ApiKey bare =
        new ApiKey(
            "key_1",
            new KeyHash("aa"),
            "otp_01234567",
            TenantId.random(),
            "",
            Set.of(),
            AT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Tier.PRO,
            false);
    ApiKey full =
        new ApiKey(
            "key_2",
            new KeyHash("bb"),
            "otp_76543210",
            TenantId.random(),
            "ci",
            Set.of(Scope.values()),
            AT,
            Optional.of(AT.plusSeconds(1)),
            Optional.of(AT.plusSeconds(2)),
            Optional.of(LocalDate.of(2026, 11, 22)),
            Tier.FREE,
            true);
    assertThat(ApiKeyItem.fromItem(ApiKeyItem.toItem(bare))).isEqualTo(bare);
    assertThat(ApiKeyItem.fromItem(ApiKeyItem.toItem(full))).isEqualTo(full);
  }
}
