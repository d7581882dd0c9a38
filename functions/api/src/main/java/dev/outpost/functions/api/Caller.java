package dev.outpost.functions.api;

import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.tenant.Access;
import dev.outpost.tenant.Principal;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what the authoriser says of a caller. Whatever is not plainly granted is refused: a route
 * that was wired without its authoriser must not become an open door.
 */
final class Caller {
  private Caller() {}

  /**
   * Who the authoriser's context says it is.
   *
   * @throws Refused when it grants nothing, with the reason
   */
  static Principal of(Map<String, String> context) throws Refused {
    Optional<Access> access = Access.of(context.getOrDefault("access", ""));
    if (access.isEmpty()) {
      throw unauthenticated("The request could not be authenticated.");
    }
    return switch (access.get()) {
      case GRANTED -> granted(context);
      case MISSING ->
          throw unauthenticated(
              "The request has no API key; send it as X-API-Key or as Authorization: Bearer.");
      case UNKNOWN ->
          throw unauthenticated("The API key is not known. (Two different keys are none.)");
      case REVOKED -> throw unauthenticated("The API key was revoked.");
      case EXPIRED -> throw unauthenticated("The API key has expired.");
      case SUSPENDED ->
          throw new Refused(ErrorCode.AUTHORIZATION_ERROR, "The key's tenant is suspended.");
    };
  }

  private static Principal granted(Map<String, String> context) throws Refused {
    Optional<TenantId> tenant = TenantId.parse(context.getOrDefault("tenantId", ""));
    Optional<Tier> tier = Tier.of(context.getOrDefault("tier", ""));
    String keyId = context.getOrDefault("keyId", "");
    if (tenant.isEmpty() || tier.isEmpty() || keyId.isEmpty()) {
      throw unauthenticated("The request could not be authenticated.");
    }
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : context.getOrDefault("scopes", "").split(" ", -1)) {
      Scope.of(word).ifPresent(scopes::add);
    }
    return new Principal(tenant.get(), keyId, scopes, tier.get());
  }

  private static Refused unauthenticated(String message) {
    return new Refused(ErrorCode.AUTHENTICATION_ERROR, message);
  }
}
