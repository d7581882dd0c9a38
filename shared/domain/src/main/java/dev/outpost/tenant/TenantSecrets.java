package dev.outpost.tenant;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The secrets that tenants bring: keys to models, tokens for repositories, and what else their
 * agents need. They are kept apart from the tables, and nobody reads a value but the claim of the
 * tenant's own run and the promotion of its change. Safe for use by many threads.
 */
public interface TenantSecrets {
  /** How many secrets a tenant may have. */
  int MAX_SECRETS = 50;

  /** Fewest characters of a value: a shorter one could not be told from an innocent word. */
  int MIN_VALUE = 8;

  /** Most bytes of a value in UTF-8. */
  int MAX_VALUE_BYTES = 8 * 1024;

  /**
   * Most bytes of all of a tenant's values, as {@link SecretBox#weight} counts them. Secrets
   * Manager takes 65,536 bytes for a secret (its guide, "Quotas"), names and times included.
   */
  int MAX_TOTAL_BYTES = 56 * 1024;

  /** All of a tenant's secrets. One call. */
  OwnSecrets of(TenantId id);

  /** The names of a tenant's secrets, in order. One call. */
  List<Kept> list(TenantId id);

  /** Keeps a secret; one of that name is replaced. */
  Keeping put(TenantId id, SecretName name, String value, Instant now);

  /**
   * Forgets a secret.
   *
   * @return whether there was one
   */
  boolean remove(TenantId id, SecretName name);

  /**
   * A secret as it is shown.
   *
   * @param name its name
   * @param updatedAt when its value was set
   */
  record Kept(SecretName name, Instant updatedAt) {
    /** Refuses nulls. */
    public Kept {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(updatedAt, "updatedAt");
    }
  }

  /** What became of a secret that was to be kept. */
  enum Keeping {
    /** It is kept. */
    KEPT,
    /** The tenant has as many, or as long ones, as it may have; nothing changed. */
    FULL
  }
}
