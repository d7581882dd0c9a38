package dev.outpost.tenant;

import java.util.Objects;
import java.util.Set;

/**
 * Who sends a request: all that a function learns from the authoriser.
 *
 * @param tenantId the tenant; from here alone, never from what the client says
 * @param keyId the key's public id
 * @param scopes what the key may do
 * @param tier the tenant's tier
 */
public record Principal(TenantId tenantId, String keyId, Set<Scope> scopes, Tier tier) {
  /** Copies the scopes. */
  public Principal {
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(keyId, "keyId");
    scopes = Set.copyOf(scopes);
    Objects.requireNonNull(tier, "tier");
  }

  /** Whether the key may do that; {@code admin} may do all of a tenant's. */
  public boolean may(Scope scope) {
    return scopes.contains(scope) || (scope != Scope.OPERATOR && scopes.contains(Scope.ADMIN));
  }
}
