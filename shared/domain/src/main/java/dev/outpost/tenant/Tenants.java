package dev.outpost.tenant;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The tenants and the keys they own. Safe for use by many threads. */
public interface Tenants {
  /** How many keys a tenant may own, revoked ones included: one transaction must hold them all. */
  int MAX_KEYS = 50;

  /**
   * Stores a new tenant.
   *
   * @throws IllegalStateException when the id is taken
   */
  void create(Tenant tenant);

  /** The tenant of that id, read with strong consistency. */
  Optional<Tenant> find(TenantId id);

  /** All tenants, oldest first. */
  List<Tenant> list();

  /**
   * Changes a tenant, and the tier and suspension that its keys carry, in one transaction.
   *
   * @param change the change; called again when another writer came between
   * @return the tenant as it is now, or empty when there is none
   */
  Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change);

  /**
   * Stores a new key of a tenant, with the tenant's tier and suspension as they are at that moment.
   *
   * @return whether it was stored: not when the tenant is unknown or owns {@link #MAX_KEYS} keys
   */
  boolean addKey(ApiKey key);

  /** The keys of a tenant, oldest first, revoked ones included. */
  List<ApiKey> keys(TenantId id);

  /**
   * Revokes a key. Revoking twice keeps the first time.
   *
   * @return the key as it is now, or empty when the tenant owns none of that id
   */
  Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now);
}
