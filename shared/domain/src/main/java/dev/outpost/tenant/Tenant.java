package dev.outpost.tenant;

import java.time.Instant;
import java.util.Objects;

/**
 * A customer of the installation; its keys, dispatches and artifacts are invisible to all others.
 *
 * @param id its id
 * @param name its name, for people
 * @param email whom to write to
 * @param tier what it may use
 * @param suspended whether it is locked out: its keys get 403 and its waiting dispatches don't
 *     start
 * @param createdAt when it was created
 */
public record Tenant(
    TenantId id, String name, String email, Tier tier, boolean suspended, Instant createdAt) {
  /** Refuses nulls. */
  public Tenant {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(email, "email");
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  /** The same tenant in another tier. */
  public Tenant withTier(Tier other) {
    return new Tenant(id, name, email, other, suspended, createdAt);
  }

  /** The same tenant, suspended or not. */
  public Tenant withSuspended(boolean now) {
    return new Tenant(id, name, email, tier, now, createdAt);
  }
}
