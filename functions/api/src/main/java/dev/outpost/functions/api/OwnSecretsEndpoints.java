package dev.outpost.functions.api;

import dev.outpost.edge.ApiError;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.FieldError;
import dev.outpost.edge.Fields;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.functions.api.request.PlainText;
import dev.outpost.tenant.SecretName;
import dev.outpost.tenant.TenantSecrets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code /secrets}: what a tenant brings of its own. A value goes in and never comes out again.
 * Safe for use by many threads.
 */
final class OwnSecretsEndpoints {
  private final TenantSecrets secrets;
  private final InstantSource clock;

  OwnSecretsEndpoints(TenantSecrets secrets, InstantSource clock) {
    this.secrets = Objects.requireNonNull(secrets, "secrets");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** {@code GET /secrets}. */
  Answer list(Call call) throws Refused {
    new Query(call.request()).done();
    List<Map<String, Object>> shown = new ArrayList<>();
    for (TenantSecrets.Kept kept : secrets.list(call.principal().tenantId())) {
      shown.add(shown(kept.name(), kept.updatedAt()));
    }
    return Answer.ok(Map.of("secrets", shown));
  }

  /** {@code PUT /secrets/{name}}. */
  Answer put(Call call) throws Refused {
    new Query(call.request()).done();
    List<FieldError> mistakes = new ArrayList<>();
    Fields fields = new Fields(JsonBody.of(call.request()), mistakes);
    Optional<String> value = fields.text("value");
    if (!fields.has("value")) {
      fields.wrong("value", "is missing; it must be the secret itself");
    }
    value.flatMap(OwnSecretsEndpoints::flaw).ifPresent(flaw -> fields.wrong("value", flaw));
    SecretName.flaw(call.id()).ifPresent(flaw -> fields.wrong("name", flaw));
    fields.refuseUnknown();
    if (!mistakes.isEmpty()) {
      throw new Refused(ApiError.validation(mistakes));
    }
    SecretName name = new SecretName(call.id());
    Instant now = clock.instant();
    return switch (secrets.put(call.principal().tenantId(), name, value.orElseThrow(), now)) {
      case KEPT -> Answer.ok(shown(name, now));
      case FULL ->
          throw new Refused(
              ErrorCode.CONFLICT,
              "There is no room for it: at most "
                  + TenantSecrets.MAX_SECRETS
                  + " secrets of together "
                  + TenantSecrets.MAX_TOTAL_BYTES
                  + " bytes are kept; delete one that is not needed.");
    };
  }

  /** {@code DELETE /secrets/{name}}. */
  Answer delete(Call call) throws Refused {
    new Query(call.request()).done();
    Optional<SecretName> name = SecretName.parse(call.id());
    if (name.isEmpty() || !secrets.remove(call.principal().tenantId(), name.get())) {
      throw new Refused(ErrorCode.NOT_FOUND, "There is no such secret.");
    }
    return Answer.ok(Map.of("name", name.get().value(), "deleted", true));
  }

  private static Map<String, Object> shown(SecretName name, Instant updatedAt) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", name.value());
    shown.put("updatedAt", WireTime.of(updatedAt));
    return shown;
  }

  /** What a value may not be; tells nothing of it. */
  private static Optional<String> flaw(String value) {
    if (value.strip().length() < TenantSecrets.MIN_VALUE) {
      return Optional.of(
          "must have at least "
              + TenantSecrets.MIN_VALUE
              + " characters: a shorter one could not be kept out of logs");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > TenantSecrets.MAX_VALUE_BYTES) {
      return Optional.of("must have at most " + TenantSecrets.MAX_VALUE_BYTES + " bytes");
    }
    boolean control =
        value
            .chars()
            .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t');
    return control
        ? Optional.of("must not contain control characters but tabs and ends of lines")
        : PlainText.flaw(value);
  }
}
