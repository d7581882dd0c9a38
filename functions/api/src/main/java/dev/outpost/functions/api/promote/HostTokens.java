package dev.outpost.functions.api.promote;

import dev.outpost.promote.GitTokens;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The installation's own token, for the hosts that it is meant for. Safe for use by many threads.
 */
public final class HostTokens implements GitTokens {
  private final String host;
  private final Supplier<Optional<String>> token;

  /**
   * For that host.
   *
   * @param host the host of repositories' URLs, with the port where it has one
   * @param token reads the token when it is needed
   */
  public HostTokens(String host, Supplier<Optional<String>> token) {
    this.host = Objects.requireNonNull(host, "host");
    this.token = Objects.requireNonNull(token, "token");
  }

  @Override
  public Optional<String> token(TenantId tenantId, String repository) {
    try {
      URI uri = URI.create(repository);
      return host.equals(uri.getRawAuthority()) ? token.get() : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
