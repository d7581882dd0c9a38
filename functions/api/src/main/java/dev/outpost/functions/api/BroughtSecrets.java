package dev.outpost.functions.api;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a dispatch can run with what the installation has and what its tenant brings. The
 * tenant's secrets are asked for only where that matters, for in AWS it is a call. Safe for use by
 * many threads.
 */
final class BroughtSecrets {
  private final Availability availability;
  private final TenantSecrets secrets;

  BroughtSecrets(Availability availability, TenantSecrets secrets) {
    this.availability = Objects.requireNonNull(availability, "availability");
    this.secrets = Objects.requireNonNull(secrets, "secrets");
  }

  /** What that tenant brings, for one request. */
  OfTenant of(TenantId tenant) {
    return new OfTenant(tenant);
  }

  /** One tenant's, asked for at most once. Used by one thread. */
  final class OfTenant {
    private final TenantId tenant;
    private Optional<Set<String>> known = Optional.empty();

    private OfTenant(TenantId tenant) {
      this.tenant = tenant;
    }

    /** The names of its secrets. */
    Set<String> names() {
      if (known.isEmpty()) {
        Set<String> names = new HashSet<>();
        secrets.list(tenant).forEach(kept -> names.add(kept.name().value()));
        known = Optional.of(names);
      }
      return known.get();
    }

    /**
     * Asks whether a dispatch can run with what there is.
     *
     * @param agents whom it may be given to
     * @throws Refused when one of them lacks what it can't do without
     */
    void check(List<Agent> agents) throws Refused {
      if (agents.stream().allMatch(agent -> availability.missing(agent).isEmpty())) {
        return;
      }
      for (Agent agent : agents) {
        Optional<String> missing = availability.missing(agent, names());
        if (missing.isPresent()) {
          throw new Refused(ErrorCode.SERVICE_UNAVAILABLE, missing.get());
        }
      }
    }
  }
}
