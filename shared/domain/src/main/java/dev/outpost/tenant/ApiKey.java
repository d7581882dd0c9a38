package dev.outpost.tenant;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An API key as it is stored.
 *
 * <p>It carries its tenant's tier and suspension, so that one read authorises a request; {@link
 * Tenants#update} keeps them equal to the tenant's, in the same transaction.
 *
 * @param keyId its public id, {@code key_} and a ULID
 * @param hash what it is found by
 * @param prefix the key's first 12 characters
 * @param tenantId whose it is
 * @param label what its owner calls it
 * @param scopes what it may do
 * @param createdAt when it was made
 * @param expiresAt when it stops to work, if ever
 * @param revokedAt when it was revoked, if it was
 * @param lastUsed the UTC day of its last use, if any (days, so that use costs one write a day)
 * @param tier its tenant's tier
 * @param suspended whether its tenant is suspended
 */
public record ApiKey(
    String keyId,
    KeyHash hash,
    String prefix,
    TenantId tenantId,
    String label,
    Set<Scope> scopes,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> revokedAt,
    Optional<LocalDate> lastUsed,
    Tier tier,
    boolean suspended) {
  /** Copies the scopes. */
  public ApiKey {
    Objects.requireNonNull(keyId, "keyId");
    Objects.requireNonNull(hash, "hash");
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(tenantId, "tenantId");
    Objects.requireNonNull(label, "label");
    scopes = Set.copyOf(scopes);
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(revokedAt, "revokedAt");
    Objects.requireNonNull(lastUsed, "lastUsed");
    Objects.requireNonNull(tier, "tier");
  }

  /** What this key is good for at that instant. */
  public Access access(Instant now) {
    if (revokedAt.isPresent()) {
      return Access.REVOKED;
    }
    if (expiresAt.isPresent() && !now.isBefore(expiresAt.get())) {
      return Access.EXPIRED;
    }
    return suspended ? Access.SUSPENDED : Access.GRANTED;
  }

  /** The same key with its tenant's tier and suspension as they are now. */
  public ApiKey of(Tenant tenant) {
    return new ApiKey(
        keyId,
        hash,
        prefix,
        tenantId,
        label,
        scopes,
        createdAt,
        expiresAt,
        revokedAt,
        lastUsed,
        tenant.tier(),
        tenant.suspended());
  }

  /** The same key, revoked at that instant, or as it was revoked before. */
  public ApiKey revoked(Instant now) {
    return new ApiKey(
        keyId,
        hash,
        prefix,
        tenantId,
        label,
        scopes,
        createdAt,
        expiresAt,
        Optional.of(revokedAt.orElse(now)),
        lastUsed,
        tier,
        suspended);
  }

  /** The same key, used on that day. */
  public ApiKey used(LocalDate day) {
    return new ApiKey(
        keyId,
        hash,
        prefix,
        tenantId,
        label,
        scopes,
        createdAt,
        expiresAt,
        revokedAt,
        Optional.of(day),
        tier,
        suspended);
  }
}
