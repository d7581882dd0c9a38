package dev.outpost.machine;

import dev.outpost.Ulids;
import dev.outpost.machine.DataDirectory.LocalCredentials;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Gives a new installation its operator key, a first tenant and that tenant's key. */
final class FirstStart {
  private FirstStart() {}

  /** The credentials in the data folder; made when there are none, with the URL as it is now. */
  static LocalCredentials credentials(
      DataDirectory data, Backend backend, String url, InstantSource clock) throws IOException {
    // A folder whose store was removed has credentials that open nothing any more.
    Optional<LocalCredentials> known =
        data.credentials().filter(c -> isStored(backend, c.apiKey()));
    if (known.isPresent() && known.get().url().equals(url)) {
      return known.get();
    }
    LocalCredentials credentials =
        known.isPresent() ? known.get().at(url) : make(backend, url, clock);
    data.write(credentials);
    return credentials;
  }

  private static boolean isStored(Backend backend, String key) {
    return KeySecret.parse(key)
        .flatMap(secret -> backend.apiKeys().find(secret.hash()))
        .isPresent();
  }

  private static LocalCredentials make(Backend backend, String url, InstantSource clock) {
    Ulids ulids = new Ulids(clock);
    Tenants tenants = backend.administered(clock);
    if (tenants.find(TenantId.INSTALLATION).isEmpty()) {
      tenants.create(tenant(TenantId.INSTALLATION, "installation", Tier.FREE, clock));
    }
    Tenant first = tenant(TenantId.random(), "local", Tier.PRO, clock);
    tenants.create(first);
    return new LocalCredentials(
        url,
        key(tenants, TenantId.INSTALLATION, "operator", Scope.OPERATOR, ulids, clock),
        first.id().value(),
        key(tenants, first.id(), "first key", Scope.ADMIN, ulids, clock));
  }

  private static Tenant tenant(TenantId id, String name, Tier tier, InstantSource clock) {
    return new Tenant(id, name, "you@localhost", tier, false, clock.instant());
  }

  private static String key(
      Tenants tenants,
      TenantId owner,
      String label,
      Scope scope,
      Ulids ulids,
      InstantSource clock) {
    KeySecret secret = KeySecret.random(new SecureRandom());
    boolean stored =
        tenants.addKey(
            new ApiKey(
                "key_" + ulids.next(),
                secret.hash(),
                secret.prefix(),
                owner,
                label,
                Set.of(scope),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Tier.FREE,
                false));
    if (!stored) {
      throw new IllegalStateException("the " + label + " could not be stored");
    }
    return secret.reveal();
  }
}
