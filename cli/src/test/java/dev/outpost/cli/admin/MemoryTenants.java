package dev.outpost.cli.admin;

import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Tenants in memory. */
public final class MemoryTenants implements Tenants {
  private final Map<TenantId, Tenant> tenants = new LinkedHashMap<>();
  private final Map<String, ApiKey> keys = new LinkedHashMap<>();

  @Override
  public synchronized void create(Tenant tenant) {
    if (tenants.putIfAbsent(tenant.id(), tenant) != null) {
      throw new IllegalStateException("the id is taken");
    }
  }

  @Override
  public synchronized Optional<Tenant> find(TenantId id) {
    return Optional.ofNullable(tenants.get(id));
  }

  @Override
  public synchronized List<Tenant> list() {
    return List.copyOf(tenants.values());
  }

  @Override
  public synchronized Optional<Tenant> update(TenantId id, UnaryOperator<Tenant> change) {
    Tenant now = tenants.computeIfPresent(id, (_, tenant) -> change.apply(tenant));
    if (now != null) {
      keys.replaceAll((_, key) -> key.tenantId().equals(id) ? key.of(now) : key);
    }
    return Optional.ofNullable(now);
  }

  @Override
  public synchronized boolean addKey(ApiKey key) {
    Tenant tenant = tenants.get(key.tenantId());
    if (tenant == null || keys(key.tenantId()).size() >= MAX_KEYS) {
      return false;
    }
    keys.put(key.keyId(), key.of(tenant));
    return true;
  }

  @Override
  public synchronized List<ApiKey> keys(TenantId id) {
    List<ApiKey> owned = new ArrayList<>(keys.values());
    owned.removeIf(key -> !key.tenantId().equals(id));
    return owned;
  }

  @Override
  public synchronized Optional<ApiKey> revokeKey(TenantId id, String keyId, Instant now) {
    ApiKey key = keys.get(keyId);
    if (key == null || !key.tenantId().equals(id)) {
      return Optional.empty();
    }
    keys.put(keyId, key.revoked(now));
    return Optional.of(keys.get(keyId));
  }
}
