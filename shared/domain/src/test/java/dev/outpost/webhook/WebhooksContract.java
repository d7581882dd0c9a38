package dev.outpost.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.Race;
import dev.outpost.dispatch.Status;
import dev.outpost.tenant.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every implementation of {@link Webhooks} does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WebhooksContract {
  private static final Instant T0 = Samples.T0;

  /** The port under test; the same store each time. */
  protected abstract Webhooks webhooks();

  private Webhook added(TenantId tenant) {
    Webhook webhook = Samples.webhook(tenant, T0);
    assertThat(webhooks().change(tenant, adding(webhook))).contains(webhook);
    return webhook;
  }

  /** Done twice, it is there once. */
  protected static UnaryOperator<List<Webhook>> adding(Webhook webhook) {
    return there -> {
      List<Webhook> all = new ArrayList<>(there);
      if (!all.contains(webhook)) {
        all.add(webhook);
      }
      return all;
    };
  }

  private static UnaryOperator<List<Webhook>> removing(Webhook webhook) {
    return there -> there.stream().filter(one -> !one.id().equals(webhook.id())).toList();
  }

  private static UnaryOperator<List<Webhook>> changing(Webhook from, Webhook to) {
    return there -> there.stream().map(one -> one.id().equals(from.id()) ? to : one).toList();
  }

  @Test
  void aTenantHasNoneAtFirst() {
    TenantId tenant = TenantId.random();
    assertThat(webhooks().of(tenant)).isEmpty();
    assertThat(webhooks().find(tenant, Samples.webhookId())).isEmpty();
  }

  @Test
  void aWebhookIsFoundAsItWasKept() {
    TenantId tenant = TenantId.random();
    Webhook fresh = added(tenant);
    assertThat(webhooks().of(tenant)).containsExactly(fresh);
    assertThat(webhooks().find(tenant, fresh.id())).contains(fresh);
    Webhook used = fresh.rotated(2, T0.plusSeconds(1)).disabled(T0.plusNanos(1));
    assertThat(webhooks().change(tenant, changing(fresh, used))).containsExactly(used);
    assertThat(webhooks().find(tenant, fresh.id())).contains(used);
  }

  @Test
  void asManyAsATenantMayHaveFindRoomHoweverLongTheyAre() {
    TenantId tenant = TenantId.random();
    List<Webhook> all = new ArrayList<>();
    while (all.size() < Webhooks.MAX) {
      String url = "https://example.com/" + all.size();
      url += "x".repeat(Webhook.MAX_URL - url.length());
      all.add(
          Webhook.of(Samples.webhookId(), tenant, URI.create(url), Set.of(Status.values()), T0));
    }
    assertThat(webhooks().change(tenant, _ -> all)).isEqualTo(all);
    assertThat(webhooks().of(tenant)).isEqualTo(all);
  }

  @Test
  void theOldestComesFirstWhoeverWasQuicker() {
    TenantId tenant = TenantId.random();
    Webhook older = Samples.webhook(tenant, T0);
    Webhook newer = added(tenant);
    assertThat(webhooks().change(tenant, adding(older))).containsExactly(older, newer);
    assertThat(webhooks().of(tenant)).containsExactly(older, newer);
  }

  @Test
  void aRemovedOneIsGoneAndTheOthersStay() {
    TenantId tenant = TenantId.random();
    Webhook first = added(tenant);
    Webhook second = added(tenant);
    assertThat(webhooks().change(tenant, removing(first))).containsExactly(second);
    assertThat(webhooks().find(tenant, first.id())).isEmpty();
    assertThat(webhooks().change(tenant, removing(second))).isEmpty();
    assertThat(webhooks().of(tenant)).isEmpty();
    Webhook third = added(tenant);
    assertThat(webhooks().of(tenant)).containsExactly(third);
  }

  @Test
  void whatAChangeThrowsIsThrownAndNothingIsChanged() {
    TenantId tenant = TenantId.random();
    Webhook webhook = added(tenant);
    assertThatThrownBy(
            () ->
                webhooks()
                    .change(
                        tenant,
                        _ -> {
                          throw new IllegalStateException("there are ten");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there are ten");
    assertThat(webhooks().of(tenant)).containsExactly(webhook);
  }

  @Test
  void aChangeThatChangesNothingAnswersWithWhatThereIs() {
    TenantId tenant = TenantId.random();
    assertThat(webhooks().change(tenant, there -> there)).isEmpty();
    Webhook webhook = added(tenant);
    assertThat(webhooks().change(tenant, there -> there)).containsExactly(webhook);
  }

  @Test
  void anotherTenantsAreNotSeen() {
    Webhook webhook = added(TenantId.random());
    TenantId stranger = TenantId.random();
    assertThat(webhooks().of(stranger)).isEmpty();
    assertThat(webhooks().find(stranger, webhook.id())).isEmpty();
    assertThat(webhooks().change(stranger, removing(webhook))).isEmpty();
    assertThat(webhooks().find(webhook.tenantId(), webhook.id())).contains(webhook);
  }

  @Test
  void manyWritersLoseNothing() {
    TenantId tenant = TenantId.random();
    List<Webhook> all = new ArrayList<>();
    while (all.size() < Webhooks.MAX) {
      all.add(Samples.webhook(tenant, T0));
    }
    List<List<Webhook>> seen =
        Race.of(all.size(), i -> webhooks().change(tenant, adding(all.get(i))));
    assertThat(webhooks().of(tenant)).isEqualTo(all);
    for (int i = 0; i < all.size(); i++) {
      assertThat(seen.get(i)).contains(all.get(i));
    }
    List<Webhook> disabled = all.stream().map(webhook -> webhook.disabled(T0)).toList();
    List<List<Webhook>> _ =
        Race.of(all.size(), i -> webhooks().change(tenant, changing(all.get(i), disabled.get(i))));
    assertThat(webhooks().of(tenant)).isEqualTo(disabled);
  }
}
