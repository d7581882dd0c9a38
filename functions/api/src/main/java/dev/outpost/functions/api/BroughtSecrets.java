package dev.outpost.functions.api;

import dev.outpost.agent.Agent;
import dev.outpost.agent.Availability;
import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Refused;
import dev.outpost.functions.api.request.SecretsRule;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import java.util.ArrayList;
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

  /**
   * Asks for all of it.
   *
   * @param agents whom the dispatch may be given to
   * @param named the names of the secrets that it wants
   * @throws Refused when the tenant lacks one that is wanted, or an agent lacks what it can't do
   *     without
   */
  void check(TenantId tenant, List<Agent> agents, List<String> named) throws Refused {
    boolean complete = agents.stream().allMatch(agent -> availability.missing(agent).isEmpty());
    if (complete && named.isEmpty()) {
      return;
    }
    Set<String> names = new HashSet<>();
    secrets.list(tenant).forEach(kept -> names.add(kept.name().value()));
    List<FieldError> mistakes = new ArrayList<>();
    for (int i = 0; i < named.size(); i++) {
      if (!names.contains(named.get(i))) {
        mistakes.add(
            new FieldError(
                SecretsRule.place(i),
                "names no secret of yours; bring it by PUT /secrets/" + named.get(i)));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    for (Agent agent : agents) {
      Optional<String> missing = availability.missing(agent, names);
      if (missing.isPresent()) {
        throw new Refused(ErrorCode.SERVICE_UNAVAILABLE, missing.get());
      }
    }
  }
}
