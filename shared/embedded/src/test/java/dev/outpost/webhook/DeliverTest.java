package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.webhook.Delivery.Attempted;
import dev.outpost.webhook.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliverTest {
  private final Told told = new Told();

  private Instant instant() {
    return told.installation.instant();
  }

  @Test
  void whatTheEndpointTakesIsDelivered() {
    Delivery delivery = told.announced();
    told.installation.pass(Duration.ofSeconds(1));
    Outcome taken = new Outcome.Answered(200);
    assertThat(told.deliver.deliver(delivery.key(), 1)).contains(taken);
    assertThat(told.heard).containsExactly(delivery.id());
    Delivery after = told.now(delivery.key());
    assertThat(after.state()).isEqualTo(new State.Delivered(instant()));
    assertThat(after.last()).contains(new Attempted(instant(), taken));
  }

  @Test
  void whatItRefusesOrDoesNotAnswerWaitsAndSaysWhy() {
    Delivery delivery = told.announced();
    told.answerNext(500);
    assertThat(told.deliver.deliver(delivery.key(), 1)).contains(new Outcome.Answered(500));
    assertThat(told.now(delivery.key()))
        .isEqualTo(delivery.after(new Outcome.Answered(500), instant()));
    told.sayNothingNext("It did not answer in time.");
    assertThat(told.deliver.deliver(delivery.key(), 1))
        .contains(new Outcome.Unanswered("It did not answer in time."));
    assertThat(told.now(delivery.key()).state()).isEqualTo(delivery.state());
    assertThat(told.installation.toDeliver()).isEmpty();
  }

  @Test
  void aMessageThatComesTwiceAfterItWasTakenTellsNothing() {
    Delivery delivery = told.announced();
    told.deliver.deliver(delivery.key(), 1);
    assertThat(told.deliver.deliver(delivery.key(), 1)).isEmpty();
    assertThat(told.heard).hasSize(1);
  }

  @Test
  void aMessageOfAnEarlierOrLaterAttemptTellsNothing() {
    Delivery delivery = told.announced();
    assertThat(told.deliver.deliver(delivery.key(), 2)).isEmpty();
    told.deliveries.replace(delivery, delivery.next(instant()));
    assertThat(told.deliver.deliver(delivery.key(), 1)).isEmpty();
    assertThat(told.heard).isEmpty();
    assertThat(told.deliver.deliver(delivery.key(), 2)).isPresent();
  }

  @Test
  void aMessageOfADeliveryThatIsGoneTellsNothing() {
    DeliveryKey gone = Samples.delivery(Told.TENANT, Samples.webhookId(), instant()).key();
    assertThat(told.deliver.deliver(gone, 1)).isEmpty();
    assertThat(told.heard).isEmpty();
  }

  @Test
  void anEndpointThatIsGoneIsToldNothingAnyMore() {
    Delivery delivery = told.announced();
    Webhook neighbour = told.registered();
    told.answerNext(410);
    assertThat(told.deliver.deliver(delivery.key(), 1)).contains(new Outcome.Answered(410));
    assertThat(told.now(delivery.key()).state()).isEqualTo(new State.GivenUp(instant()));
    assertThat(told.webhooks.find(Told.TENANT, delivery.webhookId()).orElseThrow().disabledAt())
        .contains(instant());
    assertThat(told.webhooks.find(Told.TENANT, neighbour.id())).contains(neighbour);
  }

  @Test
  void ofADisabledWebhookAllThatWaitsIsGivenUp() {
    Delivery delivery = told.announced();
    Webhook webhook = told.webhooks.find(Told.TENANT, delivery.webhookId()).orElseThrow();
    told.change(webhook.disabled(instant()));
    told.installation.pass(Duration.ofSeconds(1));
    assertThat(told.deliver.deliver(delivery.key(), 1)).isEmpty();
    assertThat(told.heard).isEmpty();
    assertThat(told.now(delivery.key())).isEqualTo(delivery.givenUp(instant()));
  }

  @Test
  void ofAWebhookThatWasRemovedAllThatWaitsIsGivenUp() {
    Delivery delivery = told.announced();
    List<Webhook> _ = told.webhooks.change(Told.TENANT, _ -> List.of());
    assertThat(told.deliver.deliver(delivery.key(), 1)).isEmpty();
    assertThat(told.heard).isEmpty();
    assertThat(told.now(delivery.key()).state()).isInstanceOf(State.GivenUp.class);
  }

  /**
   * 1. The endpoint is slow. 2. The reconciler begins the next attempt. 3. The endpoint takes the
   * first: that is not kept, so it hears it again, under the same id.
   */
  @Test
  void whatAnEndpointTakesAfterTheNextAttemptBeganItHearsAgain() {
    Delivery delivery = told.announced();
    told.meanwhile(
        () -> {
          told.installation.pass(Delivery.WAITS.getFirst());
          told.retry.retry(delivery.key(), instant());
        });
    assertThat(told.deliver.deliver(delivery.key(), 1)).isPresent();
    assertThat(told.now(delivery.key()).isAt(2)).isTrue();
    assertThat(told.deliver.deliver(delivery.key(), 2)).isPresent();
    assertThat(told.heard).containsExactly(delivery.id(), delivery.id());
    assertThat(told.now(delivery.key()).state()).isEqualTo(new State.Delivered(instant()));
  }

  /**
   * 1. It is told. 2. Another process dies before it keeps what came of it. 3. It is told again.
   */
  @Test
  void whatWasTakenInTheMeantimeStaysSo() {
    Delivery delivery = told.announced();
    told.meanwhile(() -> told.deliver.deliver(delivery.key(), 1));
    told.answerNext(200);
    told.answerNext(503);
    assertThat(told.deliver.deliver(delivery.key(), 1)).contains(new Outcome.Answered(503));
    assertThat(told.heard).containsExactly(delivery.id(), delivery.id());
    assertThat(told.now(delivery.key()).state()).isEqualTo(new State.Delivered(instant()));
  }
}
