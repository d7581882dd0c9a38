package dev.outpost.tenant;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Tenants' secrets whose store is only asked for tenants that have brought some. The mark is set
 * before the first secret is kept and stays when the last is removed, so whatever fails between the
 * two, nobody's secret is overlooked. Safe for use by many threads and processes.
 *
 * @param store where the secrets are
 * @param marks whose secrets are there
 */
public record MarkedSecrets(TenantSecrets store, SecretMarks marks) implements TenantSecrets {
  /** Refuses nulls. */
  public MarkedSecrets {
    Objects.requireNonNull(store, "store");
    Objects.requireNonNull(marks, "marks");
  }

  @Override
  public OwnSecrets of(TenantId id) {
    return marks.has(id) ? store.of(id) : OwnSecrets.NONE;
  }

  @Override
  public List<Kept> list(TenantId id) {
    return marks.has(id) ? store.list(id) : List.of();
  }

  @Override
  public Keeping put(TenantId id, SecretName name, String value, Instant now) {
    marks.set(id);
    return store.put(id, name, value, now);
  }

  @Override
  public boolean remove(TenantId id, SecretName name) {
    return marks.has(id) && store.remove(id, name);
  }
}
