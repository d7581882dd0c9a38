package dev.outpost.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link ApiKeys} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ApiKeysContract {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

  /** The port under test; the same store each time. */
  protected abstract ApiKeys apiKeys();

  /** The tenants of the same store. */
  protected abstract Tenants tenants();

  private ApiKey stored() {
    Tenant tenant = TenantsContract.tenant(TenantsContract.T0);
    tenants().create(tenant);
    ApiKey key = TenantsContract.key(tenant, TenantsContract.T0);
    tenants().addKey(key);
    return key;
  }

  @Test
  void aKeyIsFoundByItsHash() {
    ApiKey key = stored();
    assertThat(apiKeys().find(key.hash())).contains(key);
    assertThat(apiKeys().find(new KeyHash("unknown"))).isEmpty();
  }

  @Test
  void aRevocationCountsAtOnce() {
    ApiKey key = stored();
    tenants().revokeKey(key.tenantId(), key.keyId(), TenantsContract.T0);
    assertThat(apiKeys().find(key.hash()).orElseThrow().access(TenantsContract.T0))
        .isEqualTo(Access.REVOKED);
  }

  @Test
  void theDayOfTheLastUseIsNoted() {
    ApiKey key = stored();
    apiKeys().used(key.hash(), DAY);
    apiKeys().used(key.hash(), DAY);
    assertThat(apiKeys().find(key.hash())).contains(key.used(DAY));
    apiKeys().used(key.hash(), DAY.plusDays(1));
    assertThat(apiKeys().find(key.hash())).contains(key.used(DAY.plusDays(1)));
  }

  @Test
  void aUseThatIsNotedLateDoesNotTurnTheDayBack() {
    ApiKey key = stored();
    apiKeys().used(key.hash(), DAY);
    apiKeys().used(key.hash(), DAY.minusDays(1));
    assertThat(apiKeys().find(key.hash())).contains(key.used(DAY));
  }

  @Test
  void useOfAnUnknownKeyLeavesNothing() {
    KeyHash unknown = new KeyHash("nobody's");
    apiKeys().used(unknown, DAY);
    assertThat(apiKeys().find(unknown)).isEmpty();
  }
}
