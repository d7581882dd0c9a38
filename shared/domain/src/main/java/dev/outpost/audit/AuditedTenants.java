package dev.outpost.audit;

import dev.outpost.audit.AuditRecord.Outcome;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Instant;
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
  private final Tenants tenants;
  private final Audit audit;

  /** Those tenants, with that audit. */
  public AuditedTenants(Tenants tenants, Audit audit) {
    this.tenants = Objects.requireNonNull(tenants, "tenants");
    this.audit = Objects.requireNonNull(audit, "audit");
  }

  @Override
  public void create(Tenant tenant) {
    var _ =
        audited(
            tenant.id(),
            "create_tenant",
            Optional.empty(),
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

  @Override
  public Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    return audited(
        id,
        "update_tenant",
        Optional.empty(),
        () -> tenants.update(id, change),
        AuditedTenants::state);
  }

  @Override
  public boolean addKey(ApiKey key) {
    return audited(
            key.tenantId(),
            "create_key",
            Optional.of(key.keyId()),
            () -> Optional.of(key).filter(tenants::addKey),
            ApiKey::keyId)
        .isPresent();
  }

  @Override
  public List<ApiKey> keys(TenantId id) {
    return tenants.keys(id);
  }

  @Override
  public Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    return audited(
        id,
        "revoke_key",
        Optional.of(keyId),
        () -> tenants.revokeKey(id, keyId, now),
        ApiKey::keyId);
  }

  private <T> Optional<T> audited(
      TenantId id,
      String act,
      Optional<String> about,
      Supplier<Optional<T>> deed,
      Function<T, String> made) {
    AuditRecord asked = audit.asked(id, AuditRecord.OPERATOR, act, about);
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
