package dev.outpost.cli.admin;

import dev.outpost.cli.shell.Refusal;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A key that was just made.
 *
 * @param stored what is kept
 * @param secret what is shown once
 */
record NewKey(ApiKey stored, KeySecret secret) {
  /** Makes and stores a key of that tenant. */
  static NewKey of(
      Administration on,
      Tenant tenant,
      Set<Scope> scopes,
      String label,
      Optional<Duration> expiresIn) {
    if (scopes.contains(Scope.OPERATOR) && !tenant.id().equals(TenantId.INSTALLATION)) {
      throw Refusal.usage("only the installation's own keys may have the scope operator");
    }
    Instant now = on.clock().instant();
    KeySecret secret = KeySecret.random(on.random());
    ApiKey key =
        new ApiKey(
            "key_" + on.ulids().next(),
            secret.hash(),
            secret.prefix(),
            tenant.id(),
            label,
            scopes,
            now,
            expiresIn.map(now::plus),
            Optional.empty(),
            Optional.empty(),
            tenant.tier(),
            tenant.suspended());
    if (!on.tenants().addKey(key)) {
      throw Refusal.refused(
          "CONFLICT",
          "the tenant owns " + Tenants.MAX_KEYS + " keys already, revoked ones included",
          List.of());
    }
    return new NewKey(key, secret);
  }
}
