package dev.outpost.embedded;

import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.TenantsContract;

class EmbeddedTenantsTest extends TenantsContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected Tenants tenants() {
    return new EmbeddedTenants(store);
  }

  @Override
  protected ApiKeys apiKeys() {
    return new EmbeddedApiKeys(store);
  }
}
