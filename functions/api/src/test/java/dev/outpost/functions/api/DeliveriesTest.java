package dev.outpost.functions.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.Json;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.WebhookId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveriesTest {
  private static final TenantId OTHER = new TenantId("0b6f7a5e-1c2d-4e3f-8a9b-0c1d2e3f4a5b");
  private static final DispatchId DISPATCH = new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");

  private final Installation installation = new Installation();
  private WebhookId webhook;

  @BeforeEach
  void register() {
    webhook = registered();
  }

  @AfterEach
  void close() {
    installation.close();
  }

  private Reply get(String pathAndQuery) {
    return installation.send(Event.admin("GET", pathAndQuery));
  }

  private WebhookId registered() {
    Reply reply =
        installation.send(
            Event.admin("POST", "/webhooks").body("{\"url\":\"https://example.com/\"}"));
    return new WebhookId((String) reply.data().get("webhookId"));
  }

  private String path(String rest) {
    return "/webhooks/" + webhook + rest;
  }

  /** That the dispatch took its status of that version is to be told. */
  private Delivery told(long version) {
    LifecycleEvent event =
        new LifecycleEvent(
            DISPATCH,
            Installation.TENANT,
            "claude",
            Status.SUCCESS,
            version,
            Installation.NOW.plusSeconds(version),
            Optional.empty());
    return installation.deliveries.add(Delivery.of(webhook, event, installation.now()));
  }

  private void becomes(Delivery before, Delivery after) {
    assertThat(installation.deliveries.replace(before, after)).isTrue();
  }

  private Reply replay(Object id) {
    return installation.send(
        Event.admin("POST", path("/replay")).body(Json.text(Map.of("deliveryId", id))));
  }

  private Map<?, ?> only() {
    List<?> all = (List<?>) get(path("/deliveries")).data().get("deliveries");
    assertThat(all).hasSize(1);
    return (Map<?, ?>) all.getFirst();
  }

  private Delivery kept(Delivery delivery) {
    return installation.deliveries.find(delivery.key()).orElseThrow();
  }

  @Test
  void aDeliveryThatWaitsTellsForWhat() {
    Delivery delivery = told(7);
    Map<String, Object> shown = new HashMap<>();
    shown.put("deliveryId", delivery.id().value());
    shown.put("dispatchId", DISPATCH.value());
    shown.put("status", "success");
    shown.put("version", 7);
    shown.put("state", "waiting");
    shown.put("attempt", 1);
    shown.put("nextAttemptAt", "2026-11-22T21:22:30.000Z");
    shown.put("lastStatus", null);
    shown.put("lastError", null);
    shown.put("lastAttemptAt", null);
    assertThat(only()).isEqualTo(shown);
  }

  @Test
  void whatCameOfTheLastAttemptIsShown() {
    Delivery delivery = told(1);
    Delivery refused = delivery.after(new Outcome.Answered(503), installation.now());
    becomes(delivery, refused);
    assertThat(only().get("state")).isEqualTo("waiting");
    assertThat(only().get("lastStatus")).isEqualTo(503);
    assertThat(only().get("lastError")).isNull();
    assertThat(only().get("lastAttemptAt")).isEqualTo("2026-11-22T21:20:30.123Z");

    Delivery second = refused.next(installation.now());
    becomes(refused, second);
    Delivery silent =
        second.after(new Outcome.Unanswered("There was no answer."), installation.now());
    becomes(second, silent);
    assertThat(only().get("attempt")).isEqualTo(2);
    assertThat(only().get("lastStatus")).isNull();
    assertThat(only().get("lastError")).isEqualTo("There was no answer.");

    becomes(silent, silent.after(new Outcome.Answered(204), installation.now()));
    assertThat(only().get("state")).isEqualTo("delivered");
    assertThat(only().get("lastStatus")).isEqualTo(204);
    assertThat(only().get("nextAttemptAt")).isNull();
  }

  @Test
  void afterTheLastAttemptNoneIsPromised() {
    Delivery delivery = told(1);
    while (delivery.attempt() < Delivery.WAITS.size()) {
      Delivery next = delivery.next(installation.now());
      becomes(delivery, next);
      delivery = next;
    }
    assertThat(only().get("state")).isEqualTo("waiting");
    assertThat(only().get("attempt")).isEqualTo(10);
    assertThat(only().get("nextAttemptAt")).isNull();
    becomes(delivery, delivery.next(installation.now()));
    assertThat(only().get("state")).isEqualTo("given_up");
  }

  @Test
  void theDocumentedScheduleIsTheOneThatIsKept() throws IOException {
    Pattern row = Pattern.compile("\\| (\\d+) \\| (?:(\\d+) (minutes|hours))? ?\\|.*");
    Map<Integer, Duration> documented = new LinkedHashMap<>();
    Path page = Path.of(System.getProperty("outpost.root"), "docs", "webhooks.md");
    for (String line : Files.readAllLines(page)) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches() && matcher.group(2) != null) {
        long wait = Long.parseLong(matcher.group(2));
        documented.put(
            Integer.valueOf(matcher.group(1)),
            matcher.group(3).equals("hours") ? Duration.ofHours(wait) : Duration.ofMinutes(wait));
      }
    }
    Map<Integer, Duration> kept = new LinkedHashMap<>();
    for (int attempt = 2; attempt <= Delivery.WAITS.size(); attempt++) {
      kept.put(attempt, Delivery.WAITS.get(attempt - 2));
    }
    assertThat(documented).isEqualTo(kept);
  }

  @Test
  void deliveriesAreListedNewestFirstAndPartByPart() {
    List<String> made = new ArrayList<>();
    for (int version = 1; version <= 5; version++) {
      made.addFirst(told(version).id().value());
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    List<Integer> sizes = new ArrayList<>();
    do {
      Map<?, ?> data = get(path("/deliveries?limit=2" + cursor)).data();
      assertThat(data.keySet().toString()).isEqualTo("[deliveries, nextCursor, hasMore]");
      List<?> page = (List<?>) data.get("deliveries");
      sizes.add(page.size());
      page.forEach(one -> seen.add((String) ((Map<?, ?>) one).get("deliveryId")));
      assertThat(data.get("hasMore")).isEqualTo(data.get("nextCursor") != null);
      cursor = data.get("nextCursor") == null ? "" : "&cursor=" + data.get("nextCursor");
    } while (!cursor.isEmpty());
    assertThat(seen).isEqualTo(made);
    assertThat(sizes).containsExactly(2, 2, 1);
    // A page that is exactly full is not followed by an empty one.
    assertThat(get(path("/deliveries?limit=5")).data().get("hasMore")).isEqualTo(false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=nonsense",
        "cursor=ZHNwXzE",
        "colour=red"
      })
  void aWrongQueryIsRefused(String query) {
    Reply reply = get(path("/deliveries?" + query));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly(query.substring(0, query.indexOf('=')));
  }

  @Test
  void aReplayedDeliveryBeginsAnewAndItsMessageIsSent() throws InterruptedException {
    Delivery delivery = told(3);
    Delivery refused = delivery.after(new Outcome.Answered(410), installation.now());
    becomes(delivery, refused);
    installation.advance(Duration.ofDays(2));
    Reply reply = replay(delivery.id().value());
    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.data().get("deliveryId")).isEqualTo(delivery.id().value());
    assertThat(reply.data().get("state")).isEqualTo("waiting");
    assertThat(reply.data().get("attempt")).isEqualTo(1);
    assertThat(reply.data().get("lastStatus")).isEqualTo(410);
    assertThat(reply.data().get("nextAttemptAt")).isEqualTo("2026-11-24T21:22:30.000Z");
    assertThat(installation.line()).contains(DISPATCH.value());
    assertThat(kept(delivery).isAt(1)).isTrue();
    assertThat(installation.toTell())
        .singleElement()
        .asString()
        .contains(
            Installation.TENANT.value(), webhook.value(), delivery.id().value(), "\"attempt\":1");
  }

  @Test
  void whatWasDeliveredOrStillWaitsCanBeReplayedToo() throws InterruptedException {
    Delivery waiting = told(1);
    Delivery delivered = told(2);
    becomes(delivered, delivered.after(new Outcome.Answered(200), installation.now()));
    assertThat(replay(waiting.id().value()).status()).isEqualTo(202);
    assertThat(replay(delivered.id().value()).status()).isEqualTo(202);
    assertThat(kept(delivered).isAt(1)).isTrue();
    assertThat(installation.toTell()).hasSize(2);
  }

  @Test
  void whatADisabledWebhookWouldNotBeToldIsNotReplayed() throws InterruptedException {
    Delivery delivery = told(1);
    installation.webhooks.change(
        Installation.TENANT,
        all -> all.stream().map(one -> one.disabled(installation.now())).toList());
    Reply reply = replay(delivery.id().value());
    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.body()).contains("enable it first: POST " + path("/enable"));
    assertThat(kept(delivery)).isEqualTo(delivery);
    assertThat(installation.toTell()).isEmpty();
  }

  @Test
  void anUnknownDeliveryIsNotFound() throws InterruptedException {
    final Delivery delivery = told(1);
    WebhookId first = webhook;
    webhook = registered();
    Reply ofAnother = replay(delivery.id().value());
    assertThat(ofAnother.status()).isEqualTo(404);
    assertThat(ofAnother.body()).contains("There is no such delivery.");
    webhook = first;
    for (String id : List.of("msg_01KANWJ0M8Q2Z5Y7X3C9D4E6FG", "nonsense", "")) {
      assertThat(replay(id).body()).isEqualTo(ofAnother.body());
    }
    assertThat(installation.toTell()).isEmpty();
  }

  @Test
  void aReplayWithoutADeliveryIsRefused() {
    assertThat(replay(7).paths()).containsExactly("deliveryId");
    Reply reply =
        installation.send(Event.admin("POST", path("/replay")).body("{\"delivery\":\"msg_1\"}"));
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.paths()).containsExactly("deliveryId", "delivery");
    assertThat(installation.send(Event.admin("POST", path("/replay"))).status()).isEqualTo(400);
  }

  @Test
  void anotherTenantsDeliveriesAnswerLikeUnknownOnes() throws InterruptedException {
    Delivery delivery = told(1);
    Event list = Event.admin("GET", path("/deliveries")).authorizer("tenantId", OTHER.value());
    Event replay =
        Event.admin("POST", path("/replay"))
            .body(Json.text(Map.of("deliveryId", delivery.id().value())))
            .authorizer("tenantId", OTHER.value());
    Reply unknown = get("/webhooks/whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG/deliveries");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(installation.send(list).body()).isEqualTo(unknown.body());
    assertThat(installation.send(replay).body()).isEqualTo(unknown.body());
    assertThat(kept(delivery)).isEqualTo(delivery);
    assertThat(installation.toTell()).isEmpty();
  }
}
