package dev.outpost.cli.admin;

import dev.outpost.tenant.Tenants;

/** The deployed stages' stores. */
@FunctionalInterface
public interface TenantStores {
  /** The tenants of that stage, with the AWS credentials of the environment. */
  Tenants of(String stage);
}
