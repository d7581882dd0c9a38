package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.Race;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link Deliveries} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DeliveriesContract {
  private static final Instant T0 = Samples.T0;
  private static final Duration WAIT = Delivery.WAITS.getFirst();
  private static final Outcome TAKEN = new Outcome.Answered(204);
  private static final Outcome REFUSED = new Outcome.Answered(500);
  private static final Outcome SILENCE = new Outcome.Unanswered("It did not answer in time.");

  private final TenantId tenant = TenantId.random();
  private final WebhookId webhook = Samples.webhookId();

  /** The port under test; the same store each time. */
  protected abstract Deliveries deliveries();

  private Delivery added(Instant at) {
    return added(tenant, webhook, at);
  }

  private Delivery added(TenantId owner, WebhookId told, Instant at) {
    Delivery delivery = Samples.delivery(owner, told, at);
    assertThat(deliveries().add(delivery)).isEqualTo(delivery);
    return delivery;
  }

  private Delivery replaced(Delivery before, Delivery after) {
    assertThat(deliveries().replace(before, after)).isTrue();
    assertThat(deliveries().find(after.key())).contains(after);
    return after;
  }

  private Optional<Delivery> found(Delivery delivery) {
    return deliveries().find(delivery.key());
  }

  @Test
  void aDeliveryIsFoundAsItIsWhateverItsState() {
    Delivery first = added(T0);
    assertThat(found(first)).contains(first);
    Delivery refused = replaced(first, first.after(REFUSED, T0.plusSeconds(1)));
    Delivery second = replaced(refused, refused.next(T0.plus(WAIT)));
    Delivery unheard = replaced(second, second.after(SILENCE, T0.plus(WAIT).plusNanos(1)));
    Delivery taken = replaced(unheard, unheard.after(TAKEN, T0.plus(WAIT).plusSeconds(2)));
    Delivery again = replaced(taken, taken.again(T0.plusSeconds(999)));
    replaced(again, again.givenUp(T0.plusSeconds(1_000)));
  }

  @Test
  void whatWasNeverAddedIsNotThere() {
    assertThat(found(Samples.delivery(tenant, webhook, T0))).isEmpty();
  }

  @Test
  void addedTwiceTheFirstStays() {
    Delivery first = added(T0);
    Delivery second = Delivery.of(webhook, first.event(), T0.plusSeconds(30));
    assertThat(second.key()).isEqualTo(first.key());
    assertThat(deliveries().add(second)).isEqualTo(first);
    Delivery taken = replaced(first, first.after(TAKEN, T0.plusSeconds(31)));
    assertThat(deliveries().add(second)).isEqualTo(taken);
    assertThat(found(first)).contains(taken);
  }

  @Test
  void manyWhoAddOneAgreeWhoseItIs() {
    Delivery delivery = Samples.delivery(tenant, webhook, T0);
    List<Delivery> kept =
        Race.of(
            8, i -> deliveries().add(Delivery.of(webhook, delivery.event(), T0.plusSeconds(i))));
    assertThat(new HashSet<>(kept)).hasSize(1);
    assertThat(found(delivery)).contains(kept.getFirst());
  }

  @Test
  void noneIsReplacedThatIsOfAnotherAttempt() {
    Delivery first = added(T0);
    Delivery second = replaced(first, first.next(T0.plus(WAIT)));
    assertThat(deliveries().replace(first, first.after(TAKEN, T0.plusSeconds(200)))).isFalse();
    assertThat(found(first)).contains(second);
  }

  @Test
  void noneIsReplacedThatIsOfAnotherKindOfState() {
    Delivery waiting = added(T0);
    Delivery taken = replaced(waiting, waiting.after(TAKEN, T0.plusSeconds(1)));
    assertThat(deliveries().replace(waiting, waiting.next(T0.plus(WAIT)))).isFalse();
    assertThat(deliveries().replace(waiting.givenUp(T0), waiting.again(T0))).isFalse();
    assertThat(found(waiting)).contains(taken);
  }

  @Test
  void noneIsReplacedThatIsNotThere() {
    Delivery never = Samples.delivery(tenant, webhook, T0);
    assertThat(deliveries().replace(never, never.after(TAKEN, T0))).isFalse();
    assertThat(found(never)).isEmpty();
  }

  @Test
  void ofManyWhoBeginTheNextAttemptOneDoes() {
    Delivery first = added(T0);
    List<Boolean> begun =
        Race.of(8, i -> deliveries().replace(first, first.next(T0.plus(WAIT).plusSeconds(i))));
    assertThat(begun).containsOnlyOnce(true);
    assertThat(found(first)).contains(first.next(T0.plus(WAIT).plusSeconds(begun.indexOf(true))));
  }

  @Test
  void whatWaitsIsDueWhenItsTimeHasComeToTheSecond() {
    Instant then = Instant.parse("2001-01-01T00:00:00.5Z");
    Delivery delivery = added(then);
    Instant due = Instant.parse("2001-01-01T00:02:00Z");
    assertThat(deliveries().due(due.minusNanos(1), 100)).doesNotContain(delivery.key());
    assertThat(deliveries().due(due, 100)).contains(delivery.key());
    assertThat(deliveries().due(due.plusNanos(1), 100)).contains(delivery.key());
  }

  @Test
  void theLongestDueComesFirstWhoseverItIs() {
    Instant then = Instant.parse("2000-01-01T00:00:00Z");
    List<DeliveryKey> keys = new ArrayList<>();
    for (int second : List.of(20, 0, 10, 30)) {
      keys.add(added(TenantId.random(), Samples.webhookId(), then.plusSeconds(second)).key());
    }
    Instant now = then.plus(WAIT).plusSeconds(20);
    assertThat(deliveries().due(now, 100)).containsExactly(keys.get(1), keys.get(2), keys.get(0));
    assertThat(deliveries().due(now, 2)).containsExactly(keys.get(1), keys.get(2));
    assertThat(deliveries().due(now, 1)).containsExactly(keys.get(1));
  }

  @Test
  void onlyWhatWaitsIsEverDue() {
    Instant then = Instant.parse("2002-01-01T00:00:00Z");
    Instant late = then.plus(Delivery.KEPT);
    Delivery taken = added(then);
    replaced(taken, taken.after(TAKEN, then));
    Delivery givenUp = added(then);
    replaced(givenUp, givenUp.givenUp(then));
    Delivery refused = added(then);
    replaced(refused, refused.after(REFUSED, then));
    assertThat(deliveries().due(late, 100))
        .contains(refused.key())
        .doesNotContain(taken.key(), givenUp.key());
  }

  @Test
  void theNextAttemptIsDueOnceAndLater() {
    Instant then = Instant.parse("2003-01-01T00:00:00Z");
    Delivery first = added(then);
    Delivery second = replaced(first, first.next(then.plus(WAIT)));
    Instant due = then.plus(WAIT).plus(Delivery.WAITS.get(1));
    assertThat(deliveries().due(due.minusSeconds(1), 100)).doesNotContain(first.key());
    assertThat(deliveries().due(due, 100)).containsOnlyOnce(first.key());
    replaced(second, second.after(TAKEN, due));
    assertThat(deliveries().due(due.plus(Delivery.KEPT), 100)).doesNotContain(first.key());
  }

  @Test
  void oneThatIsSentAgainIsDueAgain() {
    Instant then = Instant.parse("2004-01-01T00:00:00Z");
    Delivery first = added(then);
    Delivery taken = replaced(first, first.after(TAKEN, then));
    replaced(taken, taken.again(then.plusSeconds(60)));
    Instant due = then.plusSeconds(60).plus(WAIT);
    assertThat(deliveries().due(due.minusSeconds(1), 100)).doesNotContain(first.key());
    assertThat(deliveries().due(due, 100)).containsOnlyOnce(first.key());
  }

  @Test
  void aWebhooksDeliveriesAreListedNewestFirstAndPageByPage() {
    WebhookId told = Samples.webhookId();
    List<Delivery> newestFirst = new ArrayList<>();
    for (int second = 0; second < 7; second++) {
      newestFirst.addFirst(added(tenant, told, T0.plusSeconds(second)));
    }
    List<Delivery> listed = new ArrayList<>();
    Optional<DeliveryId> before = Optional.empty();
    List<Delivery> page = deliveries().list(tenant, told, before, 3);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(3);
      listed.addAll(page);
      before = Optional.of(page.getLast().id());
      page = deliveries().list(tenant, told, before, 3);
    }
    assertThat(listed).isEqualTo(newestFirst);
    assertThat(deliveries().list(tenant, told, Optional.empty(), 100)).isEqualTo(newestFirst);
  }

  @Test
  void aListGoesOnBelowAnIdThatIsGone() {
    WebhookId told = Samples.webhookId();
    Delivery older = added(tenant, told, T0);
    added(tenant, told, T0.plusSeconds(2));
    DeliveryId never = Samples.delivery(tenant, told, T0.plusSeconds(1)).id();
    assertThat(deliveries().list(tenant, told, Optional.of(never), 10)).containsExactly(older);
    DeliveryId first = Samples.delivery(tenant, told, T0.minusSeconds(1)).id();
    assertThat(deliveries().list(tenant, told, Optional.of(first), 10)).isEmpty();
  }

  @Test
  void anotherTenantsAndAnotherWebhooksAreNotSeen() {
    Delivery delivery = added(T0);
    TenantId stranger = TenantId.random();
    WebhookId neighbour = Samples.webhookId();
    assertThat(deliveries().list(stranger, webhook, Optional.empty(), 10)).isEmpty();
    assertThat(deliveries().list(tenant, neighbour, Optional.empty(), 10)).isEmpty();
    assertThat(deliveries().find(new DeliveryKey(stranger, webhook, delivery.id()))).isEmpty();
    assertThat(deliveries().find(new DeliveryKey(tenant, neighbour, delivery.id()))).isEmpty();
    added(tenant, neighbour, T0);
    assertThat(deliveries().list(tenant, neighbour, Optional.empty(), 10))
        .hasSize(1)
        .allMatch(listed -> listed.webhookId().equals(neighbour));
  }
}
