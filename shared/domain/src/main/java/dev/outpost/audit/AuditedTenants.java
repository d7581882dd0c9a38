package dev.outpost.audit;

import dev.outpost.Ulids;
import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Tenants as an operator changes them: each change is written down in the tenant's audit. Safe for
 * use by many threads.
 */
public final class AuditedTenants implements Tenants {
  /** What the audit calls {@link #create}. */
  public static final String CREATE_TENANT = "create_tenant";

  /** What the audit calls {@link #update}. */
  public static final String UPDATE_TENANT = "update_tenant";

  /** What the audit calls {@link #addKey}. */
  public static final String CREATE_KEY = "create_key";

  /** What the audit calls {@link #revokeKey}. */
  public static final String REVOKE_KEY = "revoke_key";

  private final Tenants tenants;
  private final Audit audit;

  /** Those tenants, with an audit on that trail. */
  public AuditedTenants(Tenants tenants, AuditTrail trail, Ulids ids, InstantSource clock) {
    this.tenants = Objects.requireNonNull(tenants, "tenants");
    this.audit = new Audit(trail, ids, clock);
  }

  @Override
  public void create(Tenant tenant) {
    var _ =
        audited(
            tenant.id(),
            CREATE_TENANT,
            state(tenant),
            () -> {
              tenants.create(tenant);
              return Optional.of(tenant);
            },
            AuditedTenants::state);
  }

  @Override
  public Optional<Tenant> find(TenantId id) {
    return tenants.find(id);
  }

  @Override
  public List<Tenant> list() {
    return tenants.list();
  }

  /** {@inheritDoc} Of a tenant that is not there nothing is written down. */
  @Override
  public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    return tenants
        .find(id)
        .flatMap(
            there ->
                audited(
                    id,
                    UPDATE_TENANT,
                    state(change.apply(there)),
                    () -> tenants.update(id, change),
                    AuditedTenants::state));
  }

  @Override
  public boolean addKey(ApiKey key) {
    return audited(
            key.tenantId(),
            CREATE_KEY,
            key.keyId(),
            () -> Optional.of(key).filter(tenants::addKey),
            ApiKey::keyId)
        .isPresent();
  }

  @Override
  public List<ApiKey> keys(TenantId id) {
    return tenants.keys(id);
  }

  /**
   * {@inheritDoc} What names no key of the tenant is not written down: it could be the secret
   * itself in its id's place.
   */
  @Override
  public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    return tenants.keys(id).stream()
        .filter(key -> key.keyId().equals(keyId))
        .findFirst()
        .flatMap(
            there ->
                audited(
                    id,
                    REVOKE_KEY,
                    there.keyId(),
                    () -> tenants.revokeKey(id, keyId, now),
                    ApiKey::keyId));
  }

  /** Writes it down, does it, and writes down what came of it and what that is about. */
  private <T> Optional<T> audited(
      TenantId id, String act, String about, Supplier<Optional<T>> deed, Function<T, String> made) {
    AuditRecord asked = audit.asked(id, AuditRecord.OPERATOR, act, Optional.of(about));
    Optional<T> done;
    try {
      done = deed.get();
    } catch (RuntimeException e) {
      audit.ended(asked, Outcome.FAILED, Optional.empty());
      throw e;
    }
    audit.ended(asked, done.isPresent() ? Outcome.DONE : Outcome.REFUSED, done.map(made));
    return done;
  }

  private static String state(Tenant tenant) {
    return tenant.tier().wire() + (tenant.suspended() ? ", suspended" : "");
  }
}
