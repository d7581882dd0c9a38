package dev.outpost.embedded;

import dev.outpost.tenant.TenantSecrets;
import dev.outpost.tenant.TenantSecretsContract;

class EmbeddedTenantSecretsTest extends TenantSecretsContract {
  private final TenantSecrets secrets = EmbeddedTenantSecrets.inMemory();

  @Override
  protected TenantSecrets secrets() {
    return secrets;
  }
}
