package dev.outpost.tenant;

/**
 * Remembers which tenants have ever brought a secret: to ask this costs a fortieth of asking
 * Secrets Manager, and most tenants bring none. Safe for use by many threads.
 */
public interface SecretMarks {
  /** Whether the tenant may have secrets; never false when it has one. */
  boolean has(TenantId id);

  /** Says that the tenant may have secrets from now on. Done twice, it is done once. */
  void set(TenantId id);
}
