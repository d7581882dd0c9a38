package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Ulids;
import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery.Attempted;
import dev.outpost.webhook.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Outcome TAKEN = new Outcome.Answered(200);
  private static final Outcome GONE = new Outcome.Answered(410);
  private static final Outcome FAULT = new Outcome.Answered(503);
  private static final Outcome SILENCE = new Outcome.Unanswered("It did not answer in time.");

  private final WebhookId webhook = Samples.webhookId();
  private final LifecycleEvent event = Samples.event(TenantId.random(), Status.FAILED, T0);
  private final Delivery first = Delivery.of(webhook, event, T0);

  private static Instant due(Delivery delivery) {
    return ((State.Waiting) delivery.state()).due();
  }

  @Test
  void anEndpointThatNeverTakesItIsTriedTenTimesInThreeDays() {
    List<String> begun = new ArrayList<>();
    Instant now = T0;
    Delivery delivery = first;
    while (delivery.state() instanceof State.Waiting waiting) {
      assertThat(delivery.attempt()).isEqualTo(begun.size() + 1);
      begun.add(Duration.between(T0, now).toString());
      now = waiting.due();
      delivery = delivery.after(FAULT, now.minusSeconds(1)).next(now);
    }
    assertThat(begun)
        .containsExactly(
            "PT0S",
            "PT2M",
            "PT7M",
            "PT37M",
            "PT2H37M",
            "PT7H37M",
            "PT17H37M",
            "PT31H37M",
            "PT51H37M",
            "PT71H37M");
    assertThat(delivery.state())
        .isEqualTo(new State.GivenUp(T0.plus(Duration.ofHours(71)).plusSeconds(47 * 60)));
    assertThat(delivery.attempt()).isEqualTo(10);
    assertThat(delivery.last()).contains(new Attempted(now.minusSeconds(1), FAULT));
  }

  @Test
  void itIsDueAtWholeSecondsNeverLaterThanItsWait() {
    assertThat(due(Delivery.of(webhook, event, T0.plusNanos(999_999_999))))
        .isEqualTo(T0.plusSeconds(120));
    assertThat(due(first.next(T0.plusMillis(120_500)))).isEqualTo(T0.plusSeconds(420));
  }

  @Test
  void whatTheEndpointTookIsDelivered() {
    for (int status : List.of(200, 202, 204, 299)) {
      Outcome outcome = new Outcome.Answered(status);
      Delivery delivered = first.after(outcome, T0.plusSeconds(1));
      assertThat(delivered.state()).isEqualTo(new State.Delivered(T0.plusSeconds(1)));
      assertThat(delivered.last()).contains(new Attempted(T0.plusSeconds(1), outcome));
      assertThat(delivered.isAt(1)).isFalse();
    }
  }

  @Test
  void everythingElseWaitsForTheNextAttemptAsBefore() {
    List<Outcome> others = new ArrayList<>(List.of(SILENCE));
    for (int status : List.of(100, 199, 300, 301, 307, 400, 401, 404, 409, 411, 429, 500, 503)) {
      others.add(new Outcome.Answered(status));
    }
    for (Outcome outcome : others) {
      Delivery after = first.after(outcome, T0.plusSeconds(1));
      assertThat(after.state()).isEqualTo(first.state());
      assertThat(after.last()).contains(new Attempted(T0.plusSeconds(1), outcome));
      assertThat(after.isAt(1)).isTrue();
    }
  }

  @Test
  void anEndpointThatIsGoneIsTriedNoMore() {
    assertThat(first.after(GONE, T0.plusSeconds(1)).state())
        .isEqualTo(new State.GivenUp(T0.plusSeconds(1)));
  }

  @Test
  void anAttemptIsThePresentOneUntilItIsOverOrAnotherBegins() {
    assertThat(first.isAt(1)).isTrue();
    assertThat(first.isAt(2)).isFalse();
    Delivery second = first.next(T0.plusSeconds(120));
    assertThat(second.isAt(1)).isFalse();
    assertThat(second.isAt(2)).isTrue();
    assertThat(second.givenUp(T0).isAt(2)).isFalse();
  }

  @Test
  void oneThatIsSentAgainBeginsAnewUnderItsId() {
    Instant later = T0.plus(Duration.ofDays(9));
    Delivery given = first.next(T0).after(SILENCE, T0).givenUp(T0);
    Delivery again = given.again(later);
    assertThat(again.key()).isEqualTo(first.key());
    assertThat(again.isAt(1)).isTrue();
    assertThat(due(again)).isEqualTo(later.plus(Delivery.WAITS.getFirst()));
    assertThat(again.last()).isEqualTo(given.last());
    assertThat(first.after(TAKEN, T0).again(later).isAt(1)).isTrue();
  }

  @Test
  void itsIdIsOneWhoeverMakesItAndWhenever() {
    assertThat(Delivery.of(webhook, event, T0.plusSeconds(777)).id()).isEqualTo(first.id());
    assertThat(DeliveryId.of(webhook, event)).isEqualTo(first.id());
    // Endpoints tell repetitions by it, also over an upgrade.
    assertThat(
            DeliveryId.of(
                new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
                new LifecycleEvent(
                    new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
                    TenantId.INSTALLATION,
                    "script",
                    Status.SUCCESS,
                    7,
                    T0,
                    Optional.empty())))
        .hasToString("msg_01M81B5H80VNYD0918P2DCNQSR");
  }

  @Test
  void noTwoWebhooksDispatchesOrChangesHaveOne() {
    LifecycleEvent next =
        new LifecycleEvent(
            event.id(),
            event.tenantId(),
            event.agent(),
            event.status(),
            event.version() + 1,
            event.at(),
            event.cause());
    Set<DeliveryId> ids = new HashSet<>();
    ids.add(first.id());
    ids.add(DeliveryId.of(Samples.webhookId(), event));
    ids.add(DeliveryId.of(webhook, Samples.event(event.tenantId(), Status.FAILED, T0)));
    ids.add(DeliveryId.of(webhook, next));
    assertThat(ids).hasSize(4);
  }

  @Test
  void idsSortByTheTimeOfWhatTheyTellAndAreReadBack() {
    LifecycleEvent later = Samples.event(event.tenantId(), Status.FAILED, T0.plusMillis(1));
    assertThat(first.id()).isLessThan(DeliveryId.of(webhook, later));
    assertThat(DeliveryId.parse(first.id().value())).contains(first.id());
    for (String wrong : List.of("", "msg_", first.id() + "0", "whk_" + Ulids.floor(T0))) {
      assertThat(DeliveryId.parse(wrong)).isEmpty();
    }
  }

  @Test
  void thereIsNoAttemptZeroAndNoEleventh() {
    for (int attempt : List.of(-1, 0, Delivery.WAITS.size() + 1)) {
      assertThatThrownBy(
              () ->
                  new Delivery(
                      first.id(), webhook, event, attempt, first.state(), Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
