package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.edge.Json;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.TenantSecrets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnSecretsTest {
  private static final String VALUE = "hunter2-of-the-tenant";
  private static final TenantId OTHER = new TenantId("00000000-1111-2222-3333-444444444444");

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  /** Sends it with an administrator's key. */
  private Reply send(Event event) {
    return installation.send(event.authorizer("scopes", "admin"));
  }

  private Reply put(String name, Map<String, ?> body) {
    return send(Event.of("PUT", "/secrets/" + name).body(Json.text(body)));
  }

  private Reply put(String name) {
    return put(name, Map.of("value", VALUE));
  }

  private Reply dispatch(String agent, Object names) {
    Map<String, Object> body =
        new HashMap<>(
            Map.of("agent", agent, "task", "Write the missing test.", "additionalSecrets", names));
    return send(Event.post(Json.text(body)));
  }

  @Test
  void aSecretGoesInAndItsValueNeverComesOut() {
    Reply put = put("NPM_TOKEN");
    assertThat(put.status()).isEqualTo(200);
    assertThat(put.data())
        .isEqualTo(Map.of("name", "NPM_TOKEN", "updatedAt", "2026-11-22T21:20:30.123Z"));
    assertThat(installation.line()).doesNotContain(VALUE);
    assertThat(installation.secrets.of(Installation.TENANT).value("NPM_TOKEN")).contains(VALUE);
    Reply list = send(Event.of("GET", "/secrets"));
    assertThat(list.data())
        .isEqualTo(
            Map.of(
                "secrets",
                List.of(Map.of("name", "NPM_TOKEN", "updatedAt", "2026-11-22T21:20:30.123Z"))));
    assertThat(put.body() + list.body() + installation.line()).doesNotContain(VALUE);
  }

  @Test
  void aSecretIsDeletedOnce() {
    put("NPM_TOKEN");
    Event delete = Event.of("DELETE", "/secrets/NPM_TOKEN");
    assertThat(send(delete).data()).isEqualTo(Map.of("name", "NPM_TOKEN", "deleted", true));
    assertThat(send(Event.of("DELETE", "/secrets/NPM_TOKEN")).status()).isEqualTo(404);
    assertThat(send(Event.of("GET", "/secrets")).data()).isEqualTo(Map.of("secrets", List.of()));
  }

  @Test
  void anotherTenantsSecretAnswersLikeAnUnknownOne() {
    put("NPM_TOKEN");
    Event foreign = Event.of("DELETE", "/secrets/NPM_TOKEN").authorizer("tenantId", OTHER.value());
    Event unknown = Event.of("DELETE", "/secrets/NO_SUCH").authorizer("tenantId", OTHER.value());
    assertThat(send(foreign).body()).isEqualTo(send(unknown).body());
    assertThat(installation.secrets.of(Installation.TENANT).value("NPM_TOKEN")).contains(VALUE);
    assertThat(send(Event.of("GET", "/secrets").authorizer("tenantId", OTHER.value())).data())
        .isEqualTo(Map.of("secrets", List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATH", "OUTPOST_API_URL", "GIT_SSH_COMMAND", "npm_token", "A-B", "LD_X"})
  void aNameThatIsNoneIsRefused(String name) {
    Reply reply = put(name);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("\"path\":\"name\"").doesNotContain(VALUE);
    assertThat(installation.secrets.list(Installation.TENANT)).isEmpty();
  }

  @Test
  void aValueThatIsNoneIsRefusedAndNotQuoted() {
    for (Object value :
        List.of("short", "a value with \u0000 in it", "x".repeat(8193), 12345678, List.of(VALUE))) {
      Reply reply = put("A_KEY", Map.of("value", value));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body())
          .contains("\"path\":\"value\"")
          .doesNotContain("short\"", "xxx", VALUE);
    }
    assertThat(put("A_KEY", Map.of()).status()).isEqualTo(400);
    assertThat(put("A_KEY", Map.of("value", VALUE, "valeu", "x")).status()).isEqualTo(400);
    assertThat(installation.secrets.list(Installation.TENANT)).isEmpty();
  }

  @Test
  void theLongestValueIsKept() {
    assertThat(put("A_KEY", Map.of("value", "x".repeat(8192))).status()).isEqualTo(200);
  }

  @Test
  void oneTooManyIsAConflict() {
    for (int i = 0; i < TenantSecrets.MAX_SECRETS; i++) {
      assertThat(put("KEY_" + i).status()).isEqualTo(200);
    }
    Reply reply = put("ONE_MORE");
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("at most 50").doesNotContain(VALUE);
  }

  @Test
  void onlyAnAdminMayTouchThem() {
    for (Event event :
        List.of(
            Event.of("GET", "/secrets"),
            Event.of("PUT", "/secrets/A_KEY").body("{\"value\":\"" + VALUE + "\"}"),
            Event.of("DELETE", "/secrets/A_KEY"),
            Event.of("GET", "/context"),
            Event.of("PUT", "/context").body("{\"text\":\"x\"}"),
            Event.of("DELETE", "/context"))) {
      assertThat(installation.send(event.authorizer("scopes", "dispatch status list")).status())
          .isEqualTo(403);
    }
    assertThat(installation.secrets.list(Installation.TENANT)).isEmpty();
  }

  @Test
  void anAgentWithoutTheInstallationsKeyRunsForWhoBringsOne() {
    Reply without = dispatch("codex", List.of());
    assertThat(without.status()).isEqualTo(503);
    assertThat(without.body()).contains("OPENAI_API_KEY", "PUT /secrets/OPENAI_API_KEY");
    put("OPENAI_API_KEY");
    assertThat(dispatch("codex", List.of()).status()).isEqualTo(201);
    // It is one tenant's, and no news for the fleet.
    assertThat(
            send(Event.post("{\"agent\":\"codex\",\"task\":\"Write the missing test.\"}")
                    .authorizer("tenantId", OTHER.value()))
                .status())
        .isEqualTo(503);
    assertThat(installation.get("/health/fleet").body())
        .containsPattern("\"agent\":\"codex\",\"available\":false");
  }

  @Test
  void secretsAreNamedInADispatchAndTheirNamesAloneAreStored() {
    put("NPM_TOKEN");
    put("DB_PASSWORD");
    Reply reply = dispatch("claude", List.of("NPM_TOKEN", "DB_PASSWORD"));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(installation.find((String) reply.data().get("dispatchId")).spec().secrets())
        .containsExactly("NPM_TOKEN", "DB_PASSWORD");
  }

  @ParameterizedTest
  @CsvSource({
    "my key, must have 1 to 64 characters of A",
    "PATH, steers programs",
    "ANTHROPIC_API_KEY, the agent claude gets its ANTHROPIC_API_KEY without it",
    "ANTHROPIC_BASE_URL, the agent claude gets its ANTHROPIC_BASE_URL without it",
    "NPM_TOKEN, is there already"
  })
  void aNameThatCannotBeGivenToTheAgentIsRefused(String name, String told) {
    put("NPM_TOKEN");
    Reply reply = dispatch("claude", List.of("NPM_TOKEN", name));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly("additionalSecrets[1]");
    assertThat(reply.body()).contains(told);
    assertThat(installation.stored()).isZero();
  }

  @Test
  void aValueIsNoName() {
    Reply reply = dispatch("claude", List.of(Map.of("name", "A_KEY", "value", VALUE)));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body())
        .contains("must be the name of a secret, never a value")
        .doesNotContain(VALUE);
  }

  @Test
  void eachSecretThatTheTenantLacksIsNamed() {
    put("NPM_TOKEN");
    Reply reply = dispatch("claude", List.of("FIRST_KEY", "NPM_TOKEN", "OTHER_KEY"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body())
        .contains("\"path\":\"additionalSecrets[0]\"", "PUT /secrets/FIRST_KEY")
        .contains("\"path\":\"additionalSecrets[2]\"", "PUT /secrets/OTHER_KEY")
        .doesNotContain("additionalSecrets[1]");
    assertThat(installation.stored()).isZero();
  }

  @Test
  void aSecretThatTheTenantLacksIsNamedBesideAllOtherMistakes() {
    Reply reply =
        send(
            Event.post(
                "{\"agent\":\"claude\",\"task\":\"short\",\"timeoutSeconds\":1,\"colour\":\"red\","
                    + "\"additionalSecrets\":[\"FIRST_KEY\",\"PATH\"]}"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths())
        .containsExactlyInAnyOrder(
            "task", "timeoutSeconds", "colour", "additionalSecrets[0]", "additionalSecrets[1]");
  }
}
