package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.Status;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnnounceTest {
  private final Told told = new Told();

  private List<Delivery> of(Webhook webhook) {
    return told.deliveries.list(Told.TENANT, webhook.id(), Optional.empty(), 100);
  }

  @Test
  void eachWebhookIsToldOfEachChangeThatItWants() {
    Webhook all = told.registered();
    Webhook successes =
        new Webhook(
            Samples.webhookId(),
            Told.TENANT,
            all.url(),
            Set.of(Status.SUCCESS),
            1,
            Optional.empty(),
            Optional.empty(),
            all.createdAt());
    List<Webhook> _ = told.webhooks.change(Told.TENANT, _ -> List.of(all, successes));
    LifecycleEvent running = told.happened(Status.RUNNING);
    LifecycleEvent success = told.happened(Status.SUCCESS);
    LifecycleEvent strangers =
        Samples.event(TenantId.random(), Status.SUCCESS, told.installation.instant());

    told.announce.announce(List.of(running, strangers, success));

    assertThat(of(all)).extracting(Delivery::event).containsExactlyInAnyOrder(running, success);
    assertThat(of(successes)).extracting(Delivery::event).containsExactly(success);
    assertThat(of(all)).allMatch(delivery -> delivery.isAt(1));
    assertThat(told.installation.toDeliver())
        .containsExactlyInAnyOrder(
            Told.message(new DeliveryKey(Told.TENANT, all.id(), id(all, running)), 1),
            Told.message(new DeliveryKey(Told.TENANT, all.id(), id(all, success)), 1),
            Told.message(new DeliveryKey(Told.TENANT, successes.id(), id(successes, success)), 1));
  }

  private static DeliveryId id(Webhook webhook, LifecycleEvent event) {
    return DeliveryId.of(webhook.id(), event);
  }

  @Test
  void whoeverHasNoWebhookIsToldNothing() {
    told.announce.announce(List.of(told.happened(Status.SUCCESS)));
    assertThat(told.installation.toDeliver()).isEmpty();
  }

  @Test
  void whatHappenedBeforeAWebhookWasRegisteredItIsNotTold() {
    LifecycleEvent before = told.happened(Status.SUCCESS);
    told.installation.pass(Duration.ofSeconds(1));
    Webhook webhook = told.registered();
    told.announce.announce(List.of(before));
    assertThat(of(webhook)).isEmpty();
    assertThat(told.installation.toDeliver()).isEmpty();
  }

  @Test
  void aDisabledWebhookIsToldNothing() {
    Webhook webhook = told.registered();
    told.change(webhook.disabled(told.installation.instant()));
    told.announce.announce(List.of(told.happened(Status.SUCCESS)));
    assertThat(of(webhook)).isEmpty();
    told.change(webhook.enabledAgain());
    told.announce.announce(List.of(told.happened(Status.SUCCESS)));
    assertThat(of(webhook)).hasSize(1);
  }

  @Test
  void announcedTwiceItIsOneDelivery() {
    Delivery delivery = told.announced();
    told.installation.pass(Duration.ofSeconds(30));
    told.announce.announce(List.of(delivery.event()));
    assertThat(told.now(delivery.key())).isEqualTo(delivery);
    assertThat(told.installation.toDeliver()).containsExactly(Told.message(delivery.key(), 1));
  }

  @Test
  void whatHasBeenDeliveredIsNotSentAgain() {
    Delivery delivery = told.announced();
    told.deliver.deliver(delivery.key(), 1);
    told.announce.announce(List.of(delivery.event()));
    assertThat(told.installation.toDeliver()).isEmpty();
  }

  @Test
  void whatIsAtALaterAttemptIsNotSentAgain() {
    Delivery delivery = told.announced();
    Delivery second = delivery.next(told.installation.instant());
    assertThat(told.deliveries.replace(delivery, second)).isTrue();
    told.announce.announce(List.of(delivery.event()));
    assertThat(told.installation.toDeliver()).isEmpty();
    assertThat(told.now(delivery.key())).isEqualTo(second);
  }

  @Test
  void whatTheQueueRefusedIsSentWhenItComesAgain() {
    Webhook webhook = told.registered();
    LifecycleEvent event = told.happened(Status.SUCCESS);
    Announce onABadDay =
        new Announce(
            told.webhooks,
            told.deliveries,
            (_, _) -> {
              throw new IllegalStateException("no queue");
            },
            told.installation);
    assertThatThrownBy(() -> onABadDay.announce(List.of(event))).hasMessage("no queue");
    told.announce.announce(List.of(event));
    assertThat(of(webhook)).hasSize(1);
    assertThat(told.installation.toDeliver()).hasSize(1);
  }
}
