package dev.outpost.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.DispatchId;
import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.run.Cause;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryItemTest {
  private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456789Z");
  private static final WebhookId WEBHOOK = new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG");

  private static Delivery of(Status status, Optional<Cause> cause) {
    LifecycleEvent event =
        new LifecycleEvent(
            new DispatchId("dsp_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
            TenantId.INSTALLATION,
            "claude",
            status,
            7,
            AT,
            cause);
    return Delivery.of(WEBHOOK, event, AT.plusMillis(1));
  }

  private static List<Delivery> inAllStates() {
    Delivery first = of(Status.FAILED, Optional.of(Cause.OUT_OF_MEMORY));
    Delivery refused = first.after(new Outcome.Answered(503), AT.plusSeconds(1));
    Delivery unheard =
        first.next(AT.plusSeconds(120)).after(new Outcome.Unanswered("No answer."), AT);
    return List.of(
        of(Status.SUCCESS, Optional.empty()),
        first,
        refused,
        unheard,
        unheard.after(new Outcome.Answered(200), AT.plusNanos(1)),
        unheard.after(new Outcome.Answered(410), AT),
        first.givenUp(AT.plusSeconds(3)));
  }

  @Test
  void aDeliveryComesBackEqual() {
    for (Delivery delivery : inAllStates()) {
      Map<String, Object> item = DeliveryItem.toItem(delivery);
      assertThat(DeliveryItem.fromItem(item)).isEqualTo(delivery);
      assertThat(DeliveryItem.key(item)).isEqualTo(delivery.key());
    }
  }

  @Test
  void onlyWhatWaitsIsInTheIndex() {
    for (Delivery delivery : inAllStates()) {
      boolean waits = delivery.state() instanceof Delivery.State.Waiting;
      assertThat(DeliveryItem.toItem(delivery).containsKey(Tables.DUE_SHARD)).isEqualTo(waits);
      assertThat(DeliveryItem.toItem(delivery).containsKey(Tables.DUE_AT)).isEqualTo(waits);
    }
  }

  @Test
  void whatIsDueSortsAsTextByTime() {
    Delivery delivery = of(Status.SUCCESS, Optional.empty());
    Object due = DeliveryItem.toItem(delivery).get(Tables.DUE_AT);
    assertThat(due).isEqualTo("2026-11-22T10:02:00Z");
    Instant now = Instant.parse("2026-11-22T10:02:00Z");
    assertThat(DueAt.of(now)).isEqualTo(due);
    assertThat(DueAt.of(now.plusNanos(999_999_999))).isEqualTo(due);
    assertThat(DueAt.of(now.minusNanos(1))).isEqualTo("2026-11-22T10:01:59Z");
  }

  @Test
  void itGoesThirtyDaysAfterWhatItTells() {
    Map<String, Object> item = DeliveryItem.toItem(of(Status.SUCCESS, Optional.empty()));
    assertThat(item).containsEntry(Tables.EXPIRES, AT.plus(Duration.ofDays(30)).getEpochSecond());
  }

  @Test
  void itIsOneUnitToWrite() {
    for (Delivery delivery : inAllStates()) {
      assertThat(ItemSize.of(DeliveryItem.toItem(delivery))).isLessThan(600);
    }
  }

  @Test
  void whatIsNoDeliveryIsRefused() {
    Map<String, Object> item =
        new HashMap<>(DeliveryItem.toItem(of(Status.SUCCESS, Optional.empty())));
    item.put(DeliveryItem.STATE, "lost");
    assertThatThrownBy(() -> DeliveryItem.fromItem(item))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lost");
    for (String sortKey : List.of("TENANT", "DELIVERY#", "DELIVERY#whk_1", "XDELIVERY#a#b")) {
      item.put(Tables.SORT_KEY, sortKey);
      assertThatThrownBy(() -> DeliveryItem.key(item)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
