package dev.outpost.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:20:30Z");
  private static final TenantId TENANT = new TenantId("6f0b7a5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b");

  private final List<AuditRecord> written = new ArrayList<>();
  private boolean broken;
  private final AuditTrail trail =
      new AuditTrail() {
        @Override
        public void append(AuditRecord appended) {
          if (broken) {
            throw new IllegalStateException("no store answers");
          }
          written.add(appended);
        }

        @Override
        public List<AuditRecord> list(TenantId tenantId, Optional<AuditId> before, int limit) {
          return written.reversed();
        }
      };
  private final Ulids ulids = new Ulids(() -> NOW, new Random(1));
  private final Audit audit = new Audit(trail, ulids, InstantSource.fixed(NOW));

  private List<String> told() {
    return written.stream()
        .map(l -> l.by() + " " + l.act() + " " + l.about().orElse("-") + " " + l.outcome().wire())
        .toList();
  }

  @Test
  void whatCameOfItNamesTheAsking() {
    AuditRecord asked = audit.asked(TENANT, "key_1", "create_webhook", Optional.empty());
    audit.ended(asked, Outcome.DONE, Optional.of("whk_1"));
    assertThat(told())
        .containsExactly("key_1 create_webhook - asked", "key_1 create_webhook whk_1 done");
    assertThat(written.getLast().askedId()).contains(asked.id());
    assertThat(written.getLast().id().value()).isGreaterThan(asked.id().value());
    assertThat(written).allMatch(line -> line.tenantId().equals(TENANT) && line.at().equals(NOW));
  }

  @Test
  void whatIsKnownFromTheBeginIsToldAgain() {
    audit.ended(
        audit.asked(TENANT, "key_1", "put_secret", Optional.of("TOKEN")),
        Outcome.REFUSED,
        Optional.empty());
    assertThat(told())
        .containsExactly("key_1 put_secret TOKEN asked", "key_1 put_secret TOKEN refused");
  }

  @Test
  void whatCannotBeWrittenDownMustNotBegin() {
    broken = true;
    assertThatThrownBy(() -> audit.asked(TENANT, "key_1", "put_secret", Optional.empty()))
        .isInstanceOf(IllegalStateException.class);
    AuditedTenants tenants = new AuditedTenants(new OneTenant(), trail, ulids, () -> NOW);
    assertThatThrownBy(() -> tenants.update(TENANT, tenant -> tenant.withSuspended(true)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(tenants.find(TENANT).orElseThrow().suspended()).isFalse();
  }

  @Test
  void whatIsDoneIsDoneAlsoWhenThatCannotBeWrittenDown() {
    AuditRecord asked = audit.asked(TENANT, "key_1", "put_secret", Optional.empty());
    broken = true;
    audit.ended(asked, Outcome.DONE, Optional.empty());
    assertThat(written).containsExactly(asked);
  }

  @Test
  void anOperatorsActsAreWrittenDownInTheTenantsAudit() {
    AuditedTenants tenants = new AuditedTenants(new OneTenant(), trail, ulids, () -> NOW);
    tenants.create(new OneTenant().tenant);
    assertThat(tenants.update(TENANT, tenant -> tenant.withTier(Tier.PRO))).isPresent();
    assertThat(tenants.update(TENANT, tenant -> tenant.withSuspended(true))).isPresent();
    assertThat(tenants.addKey(key("key_7"))).isTrue();
    assertThat(tenants.revokeKey(TENANT, "key_7", NOW)).isPresent();
    assertThat(tenants.list()).hasSize(1);
    assertThat(tenants.keys(TENANT)).hasSize(1);
    assertThat(told())
        .containsExactly(
            "operator create_tenant free asked",
            "operator create_tenant free done",
            "operator update_tenant pro asked",
            "operator update_tenant pro done",
            "operator update_tenant pro, suspended asked",
            "operator update_tenant pro, suspended done",
            "operator create_key key_7 asked",
            "operator create_key key_7 done",
            "operator revoke_key key_7 asked",
            "operator revoke_key key_7 done");
  }

  @Test
  void whatBreaksOffIsToldAsFailedAndWhatIsNotDoneAsRefused() {
    OneTenant full =
        new OneTenant() {
          @Override
          public boolean addKey(ApiKey added) {
            return false;
          }

          @Override
          public void create(Tenant created) {
            throw new IllegalStateException("it breaks off");
          }
        };
    AuditedTenants tenants = new AuditedTenants(full, trail, ulids, () -> NOW);
    assertThat(tenants.addKey(key("key_7"))).isFalse();
    assertThatThrownBy(() -> tenants.create(full.tenant)).hasMessage("it breaks off");
    assertThat(told())
        .containsExactly(
            "operator create_key key_7 asked",
            "operator create_key key_7 refused",
            "operator create_tenant free asked",
            "operator create_tenant free failed");
  }

  @Test
  void ofWhatIsNotThereNothingIsWrittenDown() {
    OneTenant none =
        new OneTenant() {
          @Override
          public Optional<Tenant> find(TenantId id) {
            return Optional.empty();
          }
        };
    AuditedTenants tenants = new AuditedTenants(none, trail, ulids, () -> NOW);
    assertThat(tenants.update(TENANT, tenant -> tenant.withSuspended(true))).isEmpty();
    String secret = KeySecret.random(new Random(1)).reveal();
    assertThat(tenants.revokeKey(TENANT, secret, NOW)).isEmpty();
    assertThat(written).isEmpty();
  }

  @Test
  void whatIsTooLongIsNoRecord() {
    assertThatThrownBy(
            () -> audit.asked(TENANT, "key_1", "put_secret", Optional.of("A".repeat(129))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(written).isEmpty();
  }

  private static ApiKey key(String id) {
    KeySecret secret = KeySecret.random(new Random(1));
    return new ApiKey(
        id,
        secret.hash(),
        secret.prefix(),
        TENANT,
        "a key",
        Set.of(Scope.STATUS),
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Tier.FREE,
        false);
  }

  /** A store of one tenant and its last key. */
  private static class OneTenant implements Tenants {
    Tenant tenant = new Tenant(TENANT, "Blueprint", "blueprint@example.com", Tier.FREE, false, NOW);
    private Optional<ApiKey> key = Optional.empty();

    @Override
    public void create(Tenant created) {
      tenant = created;
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
      return Optional.of(tenant);
    }

    @Override
    public List<Tenant> list() {
      return List.of(tenant);
    }

    @Override
    public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
      tenant = change.apply(tenant);
      return Optional.of(tenant);
    }

    @Override
    public boolean addKey(ApiKey added) {
      key = Optional.of(added);
      return true;
    }

    @Override
    public List<ApiKey> keys(TenantId id) {
      return key.stream().toList();
    }

    @Override
    public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
      key = key.map(k -> k.revoked(now));
      return key.filter(k -> k.keyId().equals(keyId));
    }
  }
}
