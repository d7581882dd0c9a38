package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Race;
import dev.outpost.Ulids;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link Tenants} does, and of {@link ApiKeys} beside it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TenantsContract {
  static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

  private static final Ulids ULIDS = new Ulids(InstantSource.fixed(T0));

  /** The port under test; the same store each time. */
  protected abstract Tenants tenants();

  /** The keys of the same store. */
  protected abstract ApiKeys apiKeys();

  static Tenant tenant(Instant createdAt) {
    TenantId id = TenantId.random();
    return new Tenant(id, "Tenant " + id, "ada@example.org", Tier.STARTER, false, createdAt);
  }

  static ApiKey key(Tenant tenant, Instant createdAt) {
    String ulid = ULIDS.next();
    return new ApiKey(
        "key_" + ulid,
        new KeyHash("hash-" + ulid),
        "otp_01234567",
        tenant.id(),
        "ci",
        Set.of(Scope.DISPATCH, Scope.STATUS),
        createdAt,
        Optional.of(createdAt.plus(Duration.ofDays(365))),
        Optional.empty(),
        Optional.empty(),
        tenant.tier(),
        tenant.suspended());
  }

  private Tenant created() {
    Tenant tenant = tenant(T0);
    tenants().create(tenant);
    return tenant;
  }

  private ApiKey added(Tenant tenant) {
    ApiKey key = key(tenant, T0);
    assertThat(tenants().addKey(key)).isTrue();
    return key;
  }

  @Test
  void aCreatedTenantIsFoundAsItWas() {
    Tenant tenant = created();
    assertThat(tenants().find(tenant.id())).contains(tenant);
    assertThat(tenants().keys(tenant.id())).isEmpty();
    assertThat(tenants().find(TenantId.random())).isEmpty();
  }

  @Test
  void anIdIsTakenOnce() {
    Tenant tenant = created();
    Tenant impostor = new Tenant(tenant.id(), "Eve", "eve@example.org", Tier.PRO, false, T0);
    assertThatThrownBy(() -> tenants().create(impostor)).isInstanceOf(IllegalStateException.class);
    assertThat(tenants().find(tenant.id())).contains(tenant);
  }

  @Test
  void theOldestTenantIsListedFirst() {
    Tenant second = tenant(T0.plusMillis(500));
    Tenant third = tenant(T0.plusSeconds(1));
    Tenant first = tenant(T0.minusNanos(1));
    List.of(second, third, first).forEach(tenants()::create);
    assertThat(tenants().list()).containsSubsequence(first, second, third);
  }

  @Test
  void aChangeOfTierAndSuspensionReachesEveryKey() {
    Tenant tenant = created();
    Tenant bystander = created();
    ApiKey others = added(bystander);
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < Tenants.MAX_KEYS; i++) {
      keys.add(added(tenant));
    }
    tenants().revokeKey(tenant.id(), keys.getFirst().keyId(), T0);

    Tenant changed = tenant.withTier(Tier.PRO).withSuspended(true);
    assertThat(tenants().update(tenant.id(), t -> t.withTier(Tier.PRO).withSuspended(true)))
        .contains(changed);
    assertThat(tenants().find(tenant.id())).contains(changed);
    for (ApiKey key : keys) {
      ApiKey now = apiKeys().find(key.hash()).orElseThrow();
      assertThat(now.tier()).isEqualTo(Tier.PRO);
      assertThat(now.suspended()).isTrue();
    }
    assertThat(apiKeys().find(keys.getFirst().hash()).orElseThrow().revokedAt()).contains(T0);
    assertThat(apiKeys().find(others.hash())).contains(others);

    tenants().update(tenant.id(), t -> t.withSuspended(false));
    assertThat(apiKeys().find(keys.getLast().hash()))
        .contains(keys.getLast().of(tenant.withTier(Tier.PRO)));
  }

  @Test
  void aChangeOfAnUnknownTenantIsNone() {
    AtomicInteger asked = new AtomicInteger();
    assertThat(
            tenants()
                .update(
                    TenantId.random(),
                    t -> {
                      asked.incrementAndGet();
                      return t;
                    }))
        .isEmpty();
    assertThat(asked).hasValue(0);
  }

  @Test
  void changesThatRaceAreMadeOneAfterTheOther() {
    Tenant tenant = created();
    Race.of(
        8,
        i ->
            tenants()
                .update(
                    tenant.id(),
                    t ->
                        new Tenant(
                            t.id(),
                            t.name() + (char) ('a' + i),
                            t.email(),
                            t.tier(),
                            t.suspended(),
                            t.createdAt())));
    String name = tenants().find(tenant.id()).orElseThrow().name();
    assertThat(name.substring(tenant.name().length()).chars().sorted().toArray())
        .containsExactly("abcdefgh".chars().toArray());
  }

  @Test
  void aNewKeyHasItsTenantsTierAndSuspensionOfThatMoment() {
    Tenant tenant = created();
    tenants().update(tenant.id(), t -> t.withTier(Tier.ENTERPRISE).withSuspended(true));
    ApiKey outdated = added(tenant);
    Tenant now = tenant.withTier(Tier.ENTERPRISE).withSuspended(true);
    assertThat(apiKeys().find(outdated.hash())).contains(outdated.of(now));
    assertThat(tenants().keys(tenant.id())).containsExactly(outdated.of(now));
  }

  @Test
  void keysThatAreAddedWhileTheTenantChangesEndUpEqualToIt() {
    Tenant tenant = created();
    Race.of(
        8,
        i ->
            i % 2 == 0
                ? tenants().addKey(key(tenant, T0))
                : tenants()
                    .update(tenant.id(), t -> t.withTier(i < 4 ? Tier.FREE : Tier.PRO))
                    .isPresent());
    Tenant now = tenants().find(tenant.id()).orElseThrow();
    assertThat(tenants().keys(tenant.id())).hasSize(4).allMatch(key -> key.tier() == now.tier());
  }

  @Test
  void anUnknownTenantGetsNoKey() {
    ApiKey key = key(tenant(T0), T0);
    assertThat(tenants().addKey(key)).isFalse();
    assertThat(apiKeys().find(key.hash())).isEmpty();
    assertThat(tenants().keys(key.tenantId())).isEmpty();
  }

  @Test
  void aTenantOwnsNoMoreKeysThanOneTransactionHolds() {
    Tenant tenant = created();
    for (int i = 0; i < Tenants.MAX_KEYS - 4; i++) {
      added(tenant);
    }
    List<Boolean> last = Race.of(8, _ -> tenants().addKey(key(tenant, T0)));
    assertThat(last).filteredOn(added -> added).hasSize(4);
    ApiKey tooMany = key(tenant, T0);
    assertThat(tenants().addKey(tooMany)).isFalse();
    assertThat(apiKeys().find(tooMany.hash())).isEmpty();
    assertThat(tenants().keys(tenant.id())).hasSize(Tenants.MAX_KEYS);
  }

  @Test
  void theOldestKeyIsListedFirst() {
    Tenant tenant = created();
    ApiKey second = key(tenant, T0.plusMillis(500));
    ApiKey third = key(tenant, T0.plusSeconds(1));
    ApiKey first = key(tenant, T0);
    List.of(third, first, second).forEach(tenants()::addKey);
    assertThat(tenants().keys(tenant.id())).containsExactly(first, second, third);
  }

  @Test
  void revokingTwiceKeepsTheFirstTime() {
    Tenant tenant = created();
    ApiKey key = added(tenant);
    assertThat(tenants().revokeKey(tenant.id(), key.keyId(), T0)).contains(key.revoked(T0));
    assertThat(tenants().revokeKey(tenant.id(), key.keyId(), T0.plusSeconds(9)))
        .contains(key.revoked(T0));
    assertThat(apiKeys().find(key.hash())).contains(key.revoked(T0));
    assertThat(tenants().keys(tenant.id())).containsExactly(key.revoked(T0));
  }

  @Test
  void onlyTheOwnerRevokesAKey() {
    Tenant owner = created();
    ApiKey key = added(owner);
    assertThat(tenants().revokeKey(created().id(), key.keyId(), T0)).isEmpty();
    assertThat(tenants().revokeKey(TenantId.random(), key.keyId(), T0)).isEmpty();
    assertThat(tenants().revokeKey(owner.id(), "key_unknown", T0)).isEmpty();
    assertThat(apiKeys().find(key.hash())).contains(key);
  }

  @Test
  void useOfAKeyIsNotLostToAChangeOfItsTenant() {
    Tenant tenant = created();
    ApiKey key = added(tenant);
    LocalDate day = LocalDate.of(2026, 11, 22);
    apiKeys().used(key.hash(), day);
    tenants().update(tenant.id(), t -> t.withTier(Tier.FREE));
    tenants().revokeKey(tenant.id(), key.keyId(), T0);
    assertThat(tenants().keys(tenant.id()))
        .containsExactly(key.of(tenant.withTier(Tier.FREE)).used(day).revoked(T0));
  }
}
