package dev.outpost.cli;

import dev.outpost.cli.admin.TenantStores;
import dev.outpost.cli.shell.Refusal;
import dev.outpost.tenant.Tenants;

/** The stages deployed to AWS. */
final class DynamoTenantStores implements TenantStores {
  @Override
  public Tenants of(String stage) {
    throw Refusal.usage("this build can't reach deployed stages");
  }
}
