package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.webhook.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryTest {
  private static final Duration WAIT = Delivery.WAITS.getFirst();

  private final Told told = new Told();

  private Instant instant() {
    return told.installation.instant();
  }

  /** One round of the reconciler, and what it puts on the queue. */
  private List<String> round() {
    told.retry.due(instant()).forEach(key -> told.retry.retry(key, instant()));
    return told.installation.toDeliver();
  }

  @Test
  void whatWasNotTakenIsTriedAgainWhenItIsDue() {
    Delivery delivery = told.announced();
    told.answerNext(500);
    told.deliver.deliver(delivery.key(), 1);
    assertThat(round()).isEmpty();
    told.installation.pass(WAIT.minusSeconds(1));
    assertThat(round()).isEmpty();
    told.installation.pass(Duration.ofSeconds(1));
    assertThat(round()).containsExactly(Told.message(delivery.key(), 2));
    assertThat(round()).isEmpty();
    assertThat(told.deliver.deliver(delivery.key(), 2)).contains(new Outcome.Answered(200));
    told.installation.pass(Delivery.KEPT);
    assertThat(round()).isEmpty();
  }

  @Test
  void aLostMessageCostsItsAttemptAndNoMore() {
    Delivery delivery = told.announced();
    told.installation.pass(WAIT);
    assertThat(round()).containsExactly(Told.message(delivery.key(), 2));
    assertThat(told.now(delivery.key()).isAt(2)).isTrue();
  }

  @Test
  void oneThatIsDueNoMoreIsLeftAlone() {
    Delivery delivery = told.announced();
    told.installation.pass(WAIT);
    List<DeliveryKey> due = told.retry.due(instant());
    told.deliver.deliver(delivery.key(), 1);
    Delivery delivered = told.now(delivery.key());
    due.forEach(key -> told.retry.retry(key, instant()));
    assertThat(told.now(delivery.key())).isEqualTo(delivered);
    told.retry.retry(
        Samples.delivery(Told.TENANT, Samples.webhookId(), instant()).key(), instant());
    assertThat(told.installation.toDeliver()).isEmpty();
  }

  @Test
  void ofTwoRoundsAtOnceOneBeginsTheAttempt() {
    Delivery delivery = told.announced();
    told.installation.pass(WAIT);
    List<Boolean> _ =
        Race.of(
            4,
            _ -> {
              told.retry.retry(delivery.key(), instant());
              return true;
            });
    assertThat(told.now(delivery.key()).isAt(2)).isTrue();
    assertThat(told.installation.toDeliver()).containsExactly(Told.message(delivery.key(), 2));
  }

  @Test
  void anEndpointThatIsDownForThreeDaysHearsItTenTimesAndThenNoMore() {
    Delivery delivery = told.announced();
    told.answer(503);
    told.deliver.deliver(delivery.key(), 1);
    Instant begin = instant();
    Duration minute = Duration.ofMinutes(1);
    for (int minutes = 1; minutes <= Duration.ofDays(4).toMinutes(); minutes++) {
      told.installation.pass(minute);
      if (!round().isEmpty()) {
        told.deliver.deliver(delivery.key(), told.now(delivery.key()).attempt());
      }
    }
    assertThat(told.heard).hasSize(Delivery.WAITS.size()).containsOnly(delivery.id());
    State.GivenUp givenUp = (State.GivenUp) told.now(delivery.key()).state();
    assertThat(Duration.between(begin, givenUp.at()))
        .isBetween(Duration.ofHours(71), Duration.ofHours(73));
  }

  @Test
  void oneThatIsSentAgainIsToldUnderItsOldId() {
    Delivery delivery = told.announced();
    told.deliver.deliver(delivery.key(), 1);
    Delivery delivered = told.now(delivery.key());
    told.installation.pass(Duration.ofDays(9));
    assertThat(told.deliveries.replace(delivered, delivered.again(instant()))).isTrue();
    told.answerNext(500);
    told.deliver.deliver(delivery.key(), 1);
    told.installation.pass(WAIT);
    assertThat(round()).containsExactly(Told.message(delivery.key(), 2));
    told.deliver.deliver(delivery.key(), 2);
    assertThat(told.heard).containsExactly(delivery.id(), delivery.id(), delivery.id());
    assertThat(told.now(delivery.key()).state()).isInstanceOf(State.Delivered.class);
  }

  @Test
  void oneRoundBeginsNoMoreThanItCanAndTheLongestDueFirst() {
    WebhookId webhook = Samples.webhookId();
    List<DeliveryKey> oldestFirst = new ArrayList<>();
    for (int i = 0; i <= Retry.LIMIT; i++) {
      oldestFirst.add(told.deliveries.add(Samples.delivery(Told.TENANT, webhook, instant())).key());
      told.installation.pass(Duration.ofSeconds(1));
    }
    told.installation.pass(WAIT);
    assertThat(told.retry.due(instant())).isEqualTo(oldestFirst.subList(0, Retry.LIMIT));
    oldestFirst.subList(0, Retry.LIMIT).forEach(key -> told.retry.retry(key, instant()));
    assertThat(told.retry.due(instant())).containsExactly(oldestFirst.getLast());
    assertThat(told.deliveries.list(Told.TENANT, webhook, Optional.empty(), 1))
        .allMatch(newest -> newest.isAt(1));
  }
}
