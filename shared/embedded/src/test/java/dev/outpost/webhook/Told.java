package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.dispatch.Status;
import dev.outpost.embedded.Installation;
import dev.outpost.relay.LifecycleEvent;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tier;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An installation with a tenant, the use cases that tell its webhooks, and endpoints that answer
 * 200 until they are told otherwise.
 */
final class Told implements Endpoints {
  static final TenantId TENANT = Installation.SAMPLE_TENANT;

  final Installation installation = new Installation(Tier.STARTER);
  final Webhooks webhooks = installation.webhooks();
  final Deliveries deliveries = installation.deliveries();
  final Announce announce =
      new Announce(webhooks, deliveries, installation.deliveryQueue(), installation);
  final Deliver deliver = new Deliver(webhooks, deliveries, this, installation);
  final Retry retry = new Retry(deliveries, installation.deliveryQueue());

  /** What endpoints heard: the ids, in order. */
  final List<DeliveryId> heard = new ArrayList<>();

  private final Deque<Outcome> next = new ArrayDeque<>();
  private Outcome usually = new Outcome.Answered(200);
  private Runnable meanwhile = () -> {};

  /** Lets the next one answer so. */
  void answerNext(int status) {
    next.add(new Outcome.Answered(status));
  }

  /** Lets the next one not answer. */
  void sayNothingNext(String why) {
    next.add(new Outcome.Unanswered(why));
  }

  /** Lets all answer so from now on. */
  void answer(int status) {
    usually = new Outcome.Answered(status);
  }

  /** Lets something happen while the next one is told. */
  void meanwhile(Runnable happens) {
    meanwhile = happens;
  }

  @Override
  public Outcome tell(Webhook webhook, Delivery delivery, Instant now) {
    assertThat(delivery.webhookId()).isEqualTo(webhook.id());
    assertThat(now).isEqualTo(installation.instant());
    heard.add(delivery.id());
    Runnable happens = meanwhile;
    meanwhile = () -> {};
    happens.run();
    Outcome outcome = next.poll();
    return outcome == null ? usually : outcome;
  }

  /** A webhook of the tenant's, registered now. */
  Webhook registered() {
    Webhook webhook = Samples.webhook(TENANT, installation.instant());
    List<Webhook> _ =
        webhooks.change(
            TENANT,
            there -> {
              List<Webhook> all = new ArrayList<>(there);
              all.add(webhook);
              return all;
            });
    return webhook;
  }

  /** Puts another in the place of one of that id. */
  void change(Webhook to) {
    List<Webhook> _ =
        webhooks.change(
            TENANT,
            there -> there.stream().map(one -> one.id().equals(to.id()) ? to : one).toList());
  }

  /** That a dispatch of the tenant's took that status now. */
  LifecycleEvent happened(Status status) {
    return Samples.event(TENANT, status, installation.instant());
  }

  /** A webhook is registered and announced one event; its message is off the queue. */
  Delivery announced() {
    Webhook webhook = registered();
    LifecycleEvent event = happened(Status.SUCCESS);
    announce.announce(List.of(event));
    assertThat(installation.toDeliver()).hasSize(1);
    return now(Delivery.of(webhook.id(), event, installation.instant()).key());
  }

  /** That one as it is now. */
  Delivery now(DeliveryKey key) {
    return deliveries.find(key).orElseThrow();
  }

  /** A message of the queue. */
  static String message(DeliveryKey key, int attempt) {
    return """
        {"tenantId":"%s","webhookId":"%s","deliveryId":"%s","attempt":%d}"""
        .formatted(key.tenantId(), key.webhookId(), key.id(), attempt);
  }
}
