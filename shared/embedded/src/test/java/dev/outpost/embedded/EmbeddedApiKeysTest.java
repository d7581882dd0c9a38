package dev.outpost.embedded;

import dev.outpost.tenant.ApiKeys;
import dev.outpost.tenant.ApiKeysContract;
import dev.outpost.tenant.Tenants;

class EmbeddedApiKeysTest extends ApiKeysContract {
  private final EmbeddedStore store = EmbeddedStore.inMemory();

  @Override
  protected ApiKeys apiKeys() {
    return new EmbeddedApiKeys(store);
  }

  @Override
  protected Tenants tenants() {
    return new EmbeddedTenants(store);
  }
}
