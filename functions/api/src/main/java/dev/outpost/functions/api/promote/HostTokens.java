package dev.outpost.functions.api.promote;

import dev.outpost.promote.GitTokens;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The installation's own token, for the hosts that it is meant for. Safe for use by many threads.
 */
public final class HostTokens implements GitTokens {
  private final Set<String> hosts;
  private final Supplier<Optional<String>> token;

  /**
   * For those hosts.
   *
   * @param hosts hosts of repositories' URLs, with the port where one has it
   * @param token reads the token when it is needed
   */
  public HostTokens(Set<String> hosts, Supplier<Optional<String>> token) {
    this.hosts = Set.copyOf(hosts);
    this.token = Objects.requireNonNull(token, "token");
  }

  @Override
  public Optional<String> token(TenantId tenantId, String repository) {
    try {
      URI uri = URI.create(repository);
      boolean meant = uri.getRawAuthority() != null && hosts.contains(uri.getRawAuthority());
      return meant ? token.get() : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
