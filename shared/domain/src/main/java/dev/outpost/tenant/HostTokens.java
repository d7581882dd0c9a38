package dev.outpost.tenant;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tokens for repositories on one host: the tenant's own, or else the installation's. Safe for use
 * by many threads.
 */
public final class HostTokens implements GitTokens {
  /** The host of GitHub's own repositories, which are meant where nothing else is said. */
  public static final String GITHUB = "github.com";

  private final String host;
  private final TenantSecrets secrets;
  private final Supplier<Optional<String>> installations;

  /**
   * For that host.
   *
   * @param host the host of repositories' URLs, with the port where it has one
   * @param secrets where tenants keep tokens of their own
   * @param installations reads the installation's token when it is needed
   */
  public HostTokens(String host, TenantSecrets secrets, Supplier<Optional<String>> installations) {
    this.host = Objects.requireNonNull(host, "host");
    this.secrets = Objects.requireNonNull(secrets, "secrets");
    this.installations = Objects.requireNonNull(installations, "installations");
  }

  @Override
  public Optional<String> token(TenantId tenantId, String repository) {
    return serves(repository) ? token(secrets.of(tenantId)) : Optional.empty();
  }

  /** Whether tokens are meant for that repository: over https, or on this machine. */
  public boolean serves(String repository) {
    try {
      URI uri = URI.create(repository);
      return host.equalsIgnoreCase(uri.getRawAuthority()) && isPrivate(uri);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** The token of a tenant whose secrets are at hand, for a repository that this host has. */
  public Optional<String> token(OwnSecrets own) {
    return own.value(NAME).or(installations);
  }

  /** Nobody reads along who could not read the token here. */
  private static boolean isPrivate(URI uri) {
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme()) && "127.0.0.1".equals(uri.getHost()));
  }
}
