package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Admit;
import dev.outpost.dispatch.Cancel;
import dev.outpost.dispatch.Dispatch;
import dev.outpost.functions.api.request.RepoScheme;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditTest {
  /** Ids of nobody's, by the path that they stand in. */
  private static final Map<String, String> NOBODYS =
      Map.of(
          "dispatch", "dsp_01J00000000000000000000000",
          "groups", "grp_01J00000000000000000000000",
          "workspaces", "wsp_0123456789abcdef0123456789abcdef",
          "secrets", "NOBODYS_TOKEN",
          "webhooks", "whk_01J00000000000000000000000");

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private Reply audit(String query) {
    return installation.send(Event.admin("GET", "/audit" + query));
  }

  private List<Map<?, ?>> records() {
    List<Map<?, ?>> records = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(audit("").data().get("records")))
        .forEach(line -> records.add((Map<?, ?>) line));
    return records;
  }

  private List<String> told() {
    return records().stream()
        .map(l -> l.get("act") + " " + l.get("about") + " " + l.get("outcome"))
        .toList();
  }

  private Dispatch accepted() {
    return installation.accepted();
  }

  @Test
  void aDispatchThatIsAcceptedHasOneRecord() {
    Dispatch dispatch = accepted();
    Map<?, ?> line = records().getFirst();
    assertThat(line.get("by")).isEqualTo("key_01KAQH4Z9MT3Y6X2B5C8D1E7FG");
    assertThat(line.get("askedId")).isNull();
    assertThat(line.get("at")).isEqualTo("2026-11-22T21:20:30.123Z");
    assertThat((String) line.get("auditId")).startsWith("aud_");
    assertThat(told()).containsExactly("create_dispatch " + dispatch.id() + " done");
  }

  @Test
  void whatIsNotAcceptedHasNone() {
    assertThat(installation.send(Event.post("{}")).status()).isEqualTo(400);
    assertThat(records()).isEmpty();
  }

  @Test
  void aRepeatHasNoSecondOne() {
    Event once = Event.file().header("idempotency-key", "basket-1");
    assertThat(installation.send(once).status()).isEqualTo(201);
    assertThat(installation.send(once).header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(records()).hasSize(1);
  }

  @Test
  void aGroupHasOneForAll() {
    Reply reply =
        installation.send(
            Event.post(
                """
                {"agent":["claude","gemini"],"task":"Say which of you is faster.","repo":"a/b"}"""));
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    assertThat(told()).containsExactly("create_dispatch " + reply.data().get("groupId") + " done");
  }

  @Test
  void whatChangesSomethingIsWrittenDownBeforeAndAfter() {
    Dispatch dispatch = accepted();
    String path = "/dispatch/" + dispatch.id();
    assertThat(installation.send(Event.admin("DELETE", path)).status()).isEqualTo(200);
    assertThat(installation.line()).contains((String) records().get(1).get("auditId"));
    assertThat(installation.send(Event.admin("DELETE", path)).status()).isEqualTo(409);
    assertThat(told())
        .containsExactly(
            "cancel_dispatch " + dispatch.id() + " refused",
            "cancel_dispatch " + dispatch.id() + " asked",
            "cancel_dispatch " + dispatch.id() + " done",
            "cancel_dispatch " + dispatch.id() + " asked",
            "create_dispatch " + dispatch.id() + " done");
    assertThat(records().getFirst().get("askedId")).isEqualTo(records().get(1).get("auditId"));
    assertThat(records().get(2).get("askedId")).isEqualTo(records().get(3).get("auditId"));
  }

  @Test
  void whatIsMadeIsNamedOnceItHasAName() {
    Reply made =
        installation.send(
            Event.admin("POST", "/webhooks").body("{\"url\":\"https://example.com/hooks\"}"));
    String id = (String) made.data().get("webhookId");
    assertThat(told())
        .containsExactly("create_webhook " + id + " done", "create_webhook null asked");
  }

  @Test
  void aSecretIsNamedAndNeverShown() {
    Reply put =
        installation.send(
            Event.admin("PUT", "/secrets/NPM_TOKEN").body("{\"value\":\"not-for-the-audit\"}"));
    assertThat(put.status()).as(put.body()).isBetween(200, 204);
    assertThat(audit("").body()).contains("NPM_TOKEN").doesNotContain("not-for-the-audit");
  }

  @ParameterizedTest
  @EnumSource(RouteKey.class)
  void everyRouteThatMayChangeSomethingIsWrittenDown(RouteKey route) {
    boolean changes = route.authorised() && !route.method().equals("GET");
    assertThat(route.writtenDown()).isEqualTo(changes && route != RouteKey.CREATE_DISPATCH);
    String id = NOBODYS.getOrDefault(route.path().split("/", -1)[1], "nobody");
    String path = route.path().replace(Route.ID, id);
    var _ = installation.send(Event.admin(route.method(), path).body("{}"));
    List<Map<?, ?>> records = records();
    if (!route.writtenDown()) {
      assertThat(records).isEmpty();
      return;
    }
    assertThat(records).hasSize(2);
    assertThat(records.get(1).get("outcome")).isEqualTo("asked");
    assertThat(records.getFirst().get("outcome")).isNotEqualTo("asked");
    assertThat(records.getFirst().get("askedId")).isEqualTo(records.get(1).get("auditId"));
    assertThat(records).allMatch(line -> route.act().equals(line.get("act")));
    assertThat(records)
        .allMatch(line -> Objects.equals(line.get("about"), path.contains(id) ? id : null));
  }

  @Test
  void whatHasNotTheFormOfAnIdIsNotWrittenDown() {
    String secret = "ghp_" + "a".repeat(36);
    for (String path :
        List.of("/secrets/" + secret, "/dispatch/" + secret, "/webhooks/" + "x".repeat(9000))) {
      assertThat(installation.send(Event.admin("DELETE", path)).status()).isEqualTo(404);
    }
    assertThat(
            installation
                .send(Event.admin("POST", "/promote").body("{\"dispatchId\":\"" + secret + "\"}"))
                .status())
        .isEqualTo(404);
    assertThat(installation.send(Event.admin("POST", "/promote").body("{")).status())
        .isEqualTo(400);
    assertThat(records()).hasSize(10).allMatch(line -> line.get("about") == null);
    assertThat(audit("").body()).doesNotContain(secret);
  }

  @Test
  void aPromotionNamesItsDispatchFromTheBegin() {
    Dispatch dispatch = accepted();
    Reply reply =
        installation.send(
            Event.admin("POST", "/promote").body("{\"dispatchId\":\"" + dispatch.id() + "\"}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(409);
    assertThat(told().subList(0, 2))
        .containsExactly(
            "promote " + dispatch.id() + " refused", "promote " + dispatch.id() + " asked");
  }

  @Test
  void theAcceptanceIsCalledAsTheDomainCallsIt() {
    assertThat(RouteKey.CREATE_DISPATCH.act()).isEqualTo(Admit.ACT);
    assertThat(RouteKey.CANCEL_DISPATCH.act()).isEqualTo(Cancel.ACT);
  }

  @Test
  void whoLacksTheScopeDoesNothingThatCouldBeWrittenDown() {
    assertThat(
            installation
                .send(Event.of("DELETE", "/secrets/X").authorizer("scopes", "dispatch"))
                .status())
        .isEqualTo(403);
    assertThat(
            installation.send(Event.of("GET", "/audit").authorizer("scopes", "dispatch")).status())
        .isEqualTo(403);
    assertThat(records()).isEmpty();
  }

  @Test
  void whatBreaksOffIsToldAsFailed() {
    try (Installation broken =
        new Installation(EnumSet.of(RepoScheme.HTTPS), Set.of(), UnreachableDispatches::new)) {
      String path = "/dispatch/dsp_01J00000000000000000000000";
      assertThat(broken.send(Event.admin("DELETE", path)).status()).isEqualTo(500);
      assertThat(broken.send(Event.admin("GET", "/audit")).body())
          .contains("\"failed\"")
          .contains("\"asked\"");
    }
  }

  @Test
  void recordsAreListedPartByPartAndToTheirTenantAlone() {
    for (int i = 0; i < 3; i++) {
      accepted();
    }
    Reply first = audit("?limit=2");
    assertThat((List<?>) first.data().get("records")).hasSize(2);
    assertThat(first.data().get("hasMore")).isEqualTo(true);
    Reply rest = audit("?limit=2&cursor=" + first.data().get("nextCursor"));
    assertThat((List<?>) rest.data().get("records")).hasSize(1);
    assertThat(rest.data().get("hasMore")).isEqualTo(false);
    assertThat(rest.data().get("nextCursor")).isNull();
    Reply other =
        installation.send(
            Event.admin("GET", "/audit")
                .authorizer("tenantId", "0b6f7a5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b"));
    assertThat((List<?>) other.data().get("records")).isEmpty();
  }

  @Test
  void mistakesInTheQueryAreToldAtOnce() {
    Reply reply = audit("?limit=0&cursor=x&act=y");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactlyInAnyOrder("limit", "cursor", "act");
  }
}
