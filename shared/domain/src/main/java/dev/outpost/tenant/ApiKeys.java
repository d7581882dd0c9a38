package dev.outpost.tenant;

import java.time.LocalDate;
import java.util.Optional;

/** The API keys as the authoriser sees them. Safe for use by many threads. */
public interface ApiKeys {
  /** The key of that hash, read with strong consistency, so that a revocation counts at once. */
  Optional<ApiKey> find(KeyHash hash);

  /** Notes that the key was used on that UTC day; an unknown hash is ignored. */
  void used(KeyHash hash, LocalDate day);
}
