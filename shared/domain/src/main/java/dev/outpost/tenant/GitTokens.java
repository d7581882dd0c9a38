package dev.outpost.tenant;

import java.util.Optional;

/** What gives access to repositories. Safe for use by many threads. */
@FunctionalInterface
public interface GitTokens {
  /** The name of the secret that holds a token. */
  String NAME = "GIT_TOKEN";

  /**
   * The token for a tenant's repository; empty where there is none, and for a host that tokens are
   * not meant for: a request that names somebody's own server must not be sent one.
   *
   * @param repository the repository's URL
   */
  Optional<String> token(TenantId tenantId, String repository);
}
