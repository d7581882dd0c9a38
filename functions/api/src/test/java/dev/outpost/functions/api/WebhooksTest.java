package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Status;
import dev.outpost.edge.Json;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.webhook.Webhooks;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
  private static final String URL = "https://example.com/hooks?for=outpost";
  private static final TenantId OTHER = new TenantId("0b6f7a5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b");

  private final Installation installation = new Installation();

  @AfterEach
  void close() {
    installation.close();
  }

  private Reply post(Object body) {
    return installation.send(Event.admin("POST", "/webhooks").body(Json.text(body)));
  }

  private String registered() {
    return (String) post(Map.of("url", URL)).data().get("webhookId");
  }

  private Webhook kept(String id) {
    return installation.webhooks.find(Installation.TENANT, new WebhookId(id)).orElseThrow();
  }

  private Reply get(String pathAndQuery) {
    return installation.send(Event.admin("GET", pathAndQuery));
  }

  /** The same of another tenant. */
  private static Event foreign(Event event) {
    return event.authorizer("tenantId", OTHER.value());
  }

  @Test
  void aWebhookIsToldOfEndsUnlessItSaysMore() {
    Reply reply = post(Map.of("url", URL));
    assertThat(reply.status()).isEqualTo(201);
    String id = (String) reply.data().get("webhookId");
    assertThat(id).startsWith("whk_");
    assertThat(reply.header("Location")).isEqualTo("/webhooks/" + id);
    Map<String, Object> shown = new HashMap<>();
    shown.put("webhookId", id);
    shown.put("url", URL);
    shown.put("statuses", List.of("success", "failed", "timeout", "cancelled"));
    shown.put("enabled", true);
    shown.put("disabledAt", null);
    shown.put("createdAt", "2026-11-22T21:20:30.123Z");
    assertThat(get("/webhooks/" + id).data()).isEqualTo(shown);
    assertThat(get("/webhooks").data()).isEqualTo(Map.of("webhooks", List.of(shown)));
    shown.put("secret", installation.signing.of(new WebhookId(id), 1));
    assertThat(reply.data()).isEqualTo(shown);
    assertThat(kept(id).statuses())
        .containsExactlyInAnyOrder(Status.SUCCESS, Status.FAILED, Status.TIMEOUT, Status.CANCELLED);
  }

  @Test
  void aWebhookIsToldOfWhatItNames() {
    Reply reply = post(Map.of("url", URL, "statuses", List.of("failed", "running")));
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.data().get("statuses")).isEqualTo(List.of("running", "failed"));
  }

  @Test
  void aNullIsAsGoodAsNothing() {
    Map<String, Object> body = new HashMap<>();
    body.put("url", URL);
    body.put("statuses", null);
    assertThat(post(body).status()).isEqualTo(201);
  }

  @Test
  void itsSecretIsShownWhenItIsMadeAndNeverAgainAndNeverLogged() {
    Reply made = post(Map.of("url", URL));
    String secret = (String) made.data().get("secret");
    assertThat(secret).startsWith("whsec_");
    String id = (String) made.data().get("webhookId");
    assertThat(installation.line()).contains(id).doesNotContain(secret, "example.com");
    assertThat(get("/webhooks").body()).doesNotContain("whsec_");
    assertThat(get("/webhooks/" + id).body()).doesNotContain("whsec_");
    Reply rotated = installation.send(Event.admin("POST", "/webhooks/" + id + "/rotate"));
    assertThat(installation.line())
        .contains(id)
        .doesNotContain((String) rotated.data().get("secret"));
  }

  @Test
  void theSameRequestTwiceMakesTwo() {
    assertThat(registered()).isNotEqualTo(registered());
    assertThat(installation.webhooks.of(Installation.TENANT)).hasSize(2);
  }

  @Test
  void oneTooManyIsAConflict() {
    for (int i = 0; i < Webhooks.MAX; i++) {
      assertThat(post(Map.of("url", URL)).status()).isEqualTo(201);
    }
    Reply reply = post(Map.of("url", URL));
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.code()).isEqualTo("CONFLICT");
    assertThat(reply.body()).contains("There are 10 webhooks already").doesNotContain("whsec_");
    assertThat(installation.webhooks.of(Installation.TENANT)).hasSize(Webhooks.MAX);
    // Of another tenant's there may be as many.
    assertThat(
            installation
                .send(foreign(Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", URL)))))
                .status())
        .isEqualTo(201);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    Reply reply =
        post(
            Map.of(
                "url", "http://example.com/",
                "statuses", List.of("success", "done", "success", 7, "pending"),
                "secret", "whsec_mine"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths())
        .containsExactly(
            "url", "statuses[1]", "statuses[2]", "statuses[3]", "statuses[4]", "secret");
    assertThat(reply.body())
        .contains("must be one of running, success, failed, timeout, cancelled")
        .contains("is there already")
        .contains("is not known; known are url, statuses")
        .doesNotContain("whsec_mine", "example.com");
    assertThat(installation.webhooks.of(Installation.TENANT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | must have 1 to 2048 characters; it has 0",
        "example.com/hooks | must have the right scheme; it must be https://host/path",
        "http://example.com/ | must have the right scheme",
        "ftp://example.com/ | must have the right scheme",
        "/hooks | must have the right scheme",
        "https://exa mple.com/ | must not contain spaces",
        "https://bücher.example/ | letters beyond ASCII",
        "https://example.com/%zz | must be a well-formed address",
        "https://user:secret@example.com/ | must not carry credentials",
        "https://@example.com/ | must not carry credentials",
        "https://example.com/#part | must not have a fragment",
        "https:example.com | must name a host",
        "https:///hooks | must name a host",
        "https://under_score.example/ | must name a host",
        "https://127.1/ | must name a host",
        "https://0x7f.0.0.1/ | must name a host",
        "https://example.com:0/ | must have a port from 1 to 65535",
        "https://example.com:65536/ | must have a port from 1 to 65535",
        "https://localhost/ | must lead to a host of the internet",
        "https://LOCALHOST:8443/ | must lead to a host of the internet",
        "https://api.localhost/ | must lead to a host of the internet",
        "https://127.0.0.1/ | must lead to a host of the internet",
        "https://2130706433/ | must lead to a host of the internet",
        "https://0.0.0.0/ | must lead to a host of the internet",
        "https://10.1.2.3/ | must lead to a host of the internet",
        "https://172.16.0.1/ | must lead to a host of the internet",
        "https://192.168.1.1/ | must lead to a host of the internet",
        "https://169.254.169.254/latest/meta-data/ | must lead to a host of the internet",
        "https://224.0.0.1/ | must lead to a host of the internet",
        "https://[::1]/ | must lead to a host of the internet",
        "https://[::]/ | must lead to a host of the internet",
        "https://[fe80::1]/ | must lead to a host of the internet",
        "https://[fe80::1%25eth0]/ | must name a host",
        "https://[::ffff:127.0.0.1]/ | must lead to a host of the internet"
      })
  void anAddressThatIsNoneIsRefused(String url, String told) {
    Reply reply = post(Map.of("url", url));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly("url");
    assertThat(reply.body()).contains(told);
    assertThat(installation.webhooks.of(Installation.TENANT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "HTTPS://Example.com:8443/a/b?token=x%20y",
        "https://203.0.113.7/",
        "https://[2606:2800:220:1:248:1893:25c8:1946]/",
        "https://xn--bcher-kva.example/"
      })
  void anAddressOnTheInternetIsTakenAsItIs(String url) {
    assertThat(post(Map.of("url", url)).data().get("url")).isEqualTo(url);
  }

  @Test
  void theLongestAddressIsTakenAndNoLongerOne() {
    String longest = "https://example.com/" + "x".repeat(2_048 - 20);
    assertThat(post(Map.of("url", longest)).status()).isEqualTo(201);
    assertThat(post(Map.of("url", longest + "x")).status()).isEqualTo(400);
  }

  @Test
  void whatIsMissingOrOfAnotherKindIsTold() {
    assertThat(post(Map.of()).body()).contains("url is missing");
    assertThat(post(Map.of("url", 7)).body()).contains("must be a string, not a number");
    assertThat(post(Map.of("url", URL, "statuses", "success")).body())
        .contains("must be a list, not a string");
    assertThat(post(Map.of("url", URL, "statuses", List.of())).body())
        .contains("must name 1 to 8 statuses; it names 0");
    assertThat(post(Map.of("url", URL, "statuses", Collections.nCopies(9, "x"))).paths())
        .containsExactly("statuses");
    assertThat(installation.send(Event.admin("POST", "/webhooks").body("[]")).status())
        .isEqualTo(400);
    assertThat(installation.send(Event.admin("POST", "/webhooks")).status()).isEqualTo(400);
    assertThat(
            installation
                .send(Event.admin("POST", "/webhooks?dry=1").body(Json.text(Map.of("url", URL))))
                .paths())
        .containsExactly("dry");
    assertThat(installation.webhooks.of(Installation.TENANT)).isEmpty();
  }

  @Test
  void onlyOfWhatTheInstallationTellsCanOneBeTold() {
    try (Installation quiet = new Installation(Set.of(Status.RUNNING, Status.FAILED), false)) {
      assertThat(
              quiet
                  .send(Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", URL))))
                  .data()
                  .get("statuses"))
          .isEqualTo(List.of("failed"));
      Reply reply =
          quiet.send(
              Event.admin("POST", "/webhooks")
                  .body(Json.text(Map.of("url", URL, "statuses", List.of("success")))));
      assertThat(reply.body()).contains("must be one of running, failed");
    }
    try (Installation busy = new Installation(Set.of(Status.RUNNING), false)) {
      Reply reply = busy.send(Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", URL))));
      assertThat(reply.paths()).containsExactly("statuses");
      assertThat(reply.body()).contains("this installation tells of running");
    }
  }

  @Test
  void onOneMachineAWebhookMayBeThere() {
    try (Installation local = new Installation(Set.of(Status.SUCCESS), true)) {
      for (String url :
          List.of(
              "http://localhost:3000/hooks",
              "http://127.0.0.1:3000/",
              "https://[::1]/",
              "http://example.com/",
              "https://example.com/")) {
        assertThat(
                local
                    .send(Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", url))))
                    .status())
            .as(url)
            .isEqualTo(201);
      }
      for (String url :
          List.of("http://10.0.0.1/", "http://169.254.169.254/", "ftp://localhost/")) {
        assertThat(
                local
                    .send(Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", url))))
                    .status())
            .as(url)
            .isEqualTo(400);
      }
    }
  }

  @Test
  void aWebhookIsDeletedOnce() {
    String id = registered();
    String other = registered();
    assertThat(installation.send(Event.admin("DELETE", "/webhooks/" + id)).data())
        .isEqualTo(Map.of("webhookId", id, "deleted", true));
    assertThat(installation.send(Event.admin("DELETE", "/webhooks/" + id)).status()).isEqualTo(404);
    assertThat(get("/webhooks/" + id).status()).isEqualTo(404);
    assertThat(installation.webhooks.of(Installation.TENANT))
        .extracting(webhook -> webhook.id().value())
        .containsExactly(other);
  }

  @Test
  void aRotatedSecretIsANewOneAndTheOldSignsOneMoreDay() {
    String id = registered();
    installation.advance(Duration.ofHours(1));
    Reply reply = installation.send(Event.admin("POST", "/webhooks/" + id + "/rotate"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.data())
        .isEqualTo(
            Map.of(
                "webhookId",
                id,
                "secret",
                installation.signing.of(new WebhookId(id), 2),
                "previousUntil",
                "2026-11-23T22:20:30.123Z"));
    assertThat(kept(id).signing(installation.now())).containsExactly(2, 1);
    Reply again = installation.send(Event.admin("POST", "/webhooks/" + id + "/rotate").body("{}"));
    assertThat(again.data().get("secret")).isEqualTo(installation.signing.of(new WebhookId(id), 3));
  }

  @Test
  void aDisabledWebhookIsShownSoAndCanBeEnabled() {
    String id = registered();
    installation.webhooks.change(
        Installation.TENANT,
        all -> all.stream().map(webhook -> webhook.disabled(installation.now())).toList());
    Map<?, ?> shown = get("/webhooks/" + id).data();
    assertThat(shown.get("enabled")).isEqualTo(false);
    assertThat(shown.get("disabledAt")).isEqualTo("2026-11-22T21:20:30.123Z");
    for (int i = 0; i < 2; i++) {
      Reply reply = installation.send(Event.admin("POST", "/webhooks/" + id + "/enable"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.data().get("enabled")).isEqualTo(true);
      assertThat(reply.data().get("disabledAt")).isNull();
    }
    assertThat(kept(id).enabled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rotate", "enable"})
  void aBodyThatNobodyReadsIsRefused(String verb) {
    String id = registered();
    Reply reply =
        installation.send(
            Event.admin("POST", "/webhooks/" + id + "/" + verb).body("{\"hours\":1}"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.body()).contains("The body must be left out, or be {}");
    assertThat(kept(id).generation()).isEqualTo(1);
  }

  @Test
  void anotherTenantsWebhookAnswersLikeAnUnknownOne() {
    String id = registered();
    for (String[] route :
        new String[][] {{"GET", ""}, {"DELETE", ""}, {"POST", "/rotate"}, {"POST", "/enable"}}) {
      Reply foreign =
          installation.send(foreign(Event.admin(route[0], "/webhooks/" + id + route[1])));
      assertThat(foreign.status()).isEqualTo(404);
      for (String unknown : List.of("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG", "nonsense", "dsp_1")) {
        assertThat(
                installation.send(Event.admin(route[0], "/webhooks/" + unknown + route[1])).body())
            .isEqualTo(foreign.body());
      }
    }
    assertThat(installation.send(foreign(Event.admin("GET", "/webhooks"))).data())
        .isEqualTo(Map.of("webhooks", List.of()));
    assertThat(kept(id).generation()).isEqualTo(1);
  }

  @Test
  void onlyAnAdminMayTouchThem() {
    String id = registered();
    for (Event event :
        List.of(
            Event.admin("POST", "/webhooks").body(Json.text(Map.of("url", URL))),
            Event.admin("GET", "/webhooks"),
            Event.admin("GET", "/webhooks/" + id),
            Event.admin("DELETE", "/webhooks/" + id),
            Event.admin("POST", "/webhooks/" + id + "/rotate"),
            Event.admin("POST", "/webhooks/" + id + "/enable"),
            Event.admin("GET", "/webhooks/" + id + "/deliveries"),
            Event.admin("POST", "/webhooks/" + id + "/replay")
                .body("{\"deliveryId\":\"msg_1\"}"))) {
      Reply reply = installation.send(event.authorizer("scopes", "dispatch status list cancel"));
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.body()).contains("lacks the scope admin");
    }
    assertThat(installation.webhooks.of(Installation.TENANT)).hasSize(1);
    assertThat(kept(id).generation()).isEqualTo(1);
  }
}
