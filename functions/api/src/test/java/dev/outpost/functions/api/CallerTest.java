package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may not, and how they hear it. Nothing opens a door but a plain grant. */
class CallerTest {
  private static final String UNKNOWN = "/dispatch/dsp_00000000000000000000000000";
  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  @ParameterizedTest
  @CsvSource({
    "missing, 401, AUTHENTICATION_ERROR, no API key",
    "unknown, 401, AUTHENTICATION_ERROR, not known",
    "revoked, 401, AUTHENTICATION_ERROR, revoked",
    "expired, 401, AUTHENTICATION_ERROR, expired",
    "suspended, 403, AUTHORIZATION_ERROR, suspended",
    "GRANTED, 401, AUTHENTICATION_ERROR, could not be authenticated",
    "'', 401, AUTHENTICATION_ERROR, could not be authenticated",
    ", 401, AUTHENTICATION_ERROR, could not be authenticated"
  })
  void whatIsNotGrantedIsRefused(String access, int status, String code, String told) {
    Reply reply = installation.send(Event.file().authorizer("access", access));
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.code()).isEqualTo(code);
    assertThat((String) reply.error().get("message")).contains(told);
    assertThat(reply.header("WWW-Authenticate") != null).isEqualTo(status == 401);
    assertThat(reply.header("X-Request-ID")).isEqualTo("UbWcJhqHFiAEPWg=");
    assertThat(installation.stored()).isZero();
  }

  @Test
  void aRouteWithoutItsAuthoriserIsNoOpenDoor() {
    Reply reply = installation.send(Event.file().withoutAuthorizer());
    assertThat(reply.status()).isEqualTo(401);
    assertThat(installation.stored()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"tenantId,", "tenantId, nobody", "tier,", "tier, gold", "keyId,"})
  void aGrantThatLacksAPartIsNone(String field, String value) {
    assertThat(installation.send(Event.file().authorizer(field, value)).status()).isEqualTo(401);
    assertThat(installation.stored()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /dispatch, dispatch",
    "GET, /dispatch, list",
    "GET, " + UNKNOWN + ", status",
    "DELETE, " + UNKNOWN + ", cancel",
    "GET, /artifacts/dsp_00000000000000000000000000, status"
  })
  void everyRouteNeedsItsScope(String method, String path, String scope) {
    String others = "dispatch status list cancel delete promote operator".replace(scope, "");
    Reply refused = installation.send(Event.of(method, path).authorizer("scopes", others));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("AUTHORIZATION_ERROR");
    assertThat((String) refused.error().get("message")).contains("scope " + scope);
    assertThat(installation.send(Event.of(method, path).authorizer("scopes", scope)).status())
        .isNotEqualTo(403);
    assertThat(installation.send(Event.of(method, path).authorizer("scopes", "admin")).status())
        .isNotEqualTo(403);
  }

  @Test
  void whoMayNotHearsThatBeforeAnythingElse() {
    String large = "{" + " ".repeat(300_000);
    assertThat(installation.send(Event.post(large).authorizer("access", "missing")).status())
        .isEqualTo(401);
    assertThat(installation.send(Event.post(large).authorizer("scopes", "list")).status())
        .isEqualTo(403);
    assertThat(installation.send(Event.post(large)).status()).isEqualTo(413);
  }

  @Test
  void aHeaderOfTheClientIsNoGrant() {
    Reply reply =
        installation.send(
            Event.file()
                .withoutAuthorizer()
                .header("access", "granted")
                .header("x-tenant-id", Installation.TENANT.value()));
    assertThat(reply.status()).isEqualTo(401);
  }
}
