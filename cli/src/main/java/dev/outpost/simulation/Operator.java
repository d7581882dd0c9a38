package dev.outpost.simulation;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Status;
import dev.outpost.tenant.ApiKey;
import dev.outpost.tenant.KeySecret;
import dev.outpost.tenant.Scope;
import dev.outpost.tenant.Tenant;
import dev.outpost.tenant.TenantId;
import dev.outpost.tenant.Tenants;
import dev.outpost.tenant.Tier;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.webhook.Webhooks;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/** Who administers tenants while they work: rotates keys, changes tiers, suspends, listens. */
final class Operator {
  private final World world;
  private final Chance chance;
  private final Ulids ids;
  private int made;
  private int undone;

  Operator(World world) {
    this.world = world;
    this.chance = world.chance();
    this.ids = new Ulids(world.timeline(), chance.generator());
  }

  /** A new tenant with its first key. */
  Account tenant(Tenants tenants, int number, Tier tier) {
    TenantId id = new TenantId(String.format("00000000-0000-4000-8000-%012d", number));
    tenants.create(
        new Tenant(
            id, "Tenant " + number, "tenant@example.com", tier, false, world.timeline().instant()));
    Account account = new Account(id.value());
    addKey(tenants, account);
    return account;
  }

  private void addKey(Tenants tenants, Account account) {
    KeySecret secret = KeySecret.random(chance.generator());
    // Another one each time: the key of a try whose answer was lost is there as well.
    String id = "key_" + account.tenant() + "_" + made++;
    boolean added =
        tenants.addKey(
            new ApiKey(
                id,
                secret.hash(),
                secret.prefix(),
                new TenantId(account.tenant()),
                "simulated",
                EnumSet.of(Scope.DISPATCH, Scope.STATUS, Scope.LIST, Scope.CANCEL, Scope.DELETE),
                world.timeline().instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Tier.FREE,
                false));
    if (added) {
      account.add(new Account.Key(id, secret.reveal()));
    }
  }

  /** Does to a tenant what the weather brings, at random moments within that time. */
  void start(Account account, Tier before, Duration within) {
    Weather weather = world.weather();
    TenantId id = new TenantId(account.tenant());
    int listening = chance.below(4);
    // All at one moment, when they come between each other, or one after the other.
    boolean fromTheBegin = chance.hit(0.5);
    for (int i = 0; i < listening; i++) {
      Webhook webhook = webhook(account, i);
      at(
          fromTheBegin ? Duration.ZERO : chance.upTo(within),
          () -> register(id, webhook),
          () -> {
            if (weather.has(Fault.WEBHOOK_REMOVED)) {
              at(chance.upTo(within), () -> remove(id, webhook.id()));
            }
          });
    }
    if (weather.has(Fault.KEY_REVOKED)) {
      at(chance.upTo(within), () -> rotate(account));
    }
    if (weather.has(Fault.TIER_CHANGED)) {
      Tier tier =
          chance.oneOf(Arrays.stream(Tier.values()).filter(other -> other != before).toList());
      at(chance.upTo(within), () -> tenants().update(id, tenant -> tenant.withTier(tier)));
    }
    if (weather.has(Fault.TENANT_SUSPENDED)) {
      Duration length = chance.upTo(Duration.ofMinutes(20));
      at(
          chance.upTo(within),
          () -> tenants().update(id, tenant -> tenant.withSuspended(true)),
          // Not before: whoever suspends late, because calls had failed, would have the last word.
          () -> at(length, () -> tenants().update(id, tenant -> tenant.withSuspended(false))));
    }
  }

  /** One that wants some statuses; its time is that of its registration. */
  private Webhook webhook(Account account, int number) {
    Set<Status> statuses = EnumSet.of(chance.oneOf(List.of(Status.values())));
    for (Status status : Status.values()) {
      if (chance.hit(0.5)) {
        statuses.add(status);
      }
    }
    return Webhook.of(
        WebhookId.next(ids),
        new TenantId(account.tenant()),
        URI.create("https://listener.example/" + account.tenant() + "/" + number),
        statuses,
        world.timeline().instant());
  }

  private Optional<List<Webhook>> register(TenantId id, Webhook webhook) {
    return Optional.of(
        webhooks()
            .change(
                id,
                all ->
                    all.stream().anyMatch(there -> there.id().equals(webhook.id()))
                        ? all
                        : Stream.concat(all.stream(), Stream.of(webhook)).toList()));
  }

  private Optional<List<Webhook>> remove(TenantId id, WebhookId webhook) {
    world.ledger().tellings().removing(webhook);
    return Optional.of(
        webhooks()
            .change(id, all -> all.stream().filter(there -> !there.id().equals(webhook)).toList()));
  }

  private Webhooks webhooks() {
    return world.environment().webhooks;
  }

  private Tenants tenants() {
    return world.environment().tenants;
  }

  private Optional<ApiKey> rotate(Account account) {
    Account.Key old = account.newest();
    if (account.keys().size() < 3) {
      addKey(tenants(), account);
    }
    if (account.newest() == old) {
      return Optional.empty();
    }
    Optional<ApiKey> revoked =
        tenants().revokeKey(new TenantId(account.tenant()), old.id(), world.timeline().instant());
    old.revokedAt(world.timeline().instant());
    return revoked;
  }

  private void at(Duration when, Supplier<Optional<?>> deed) {
    at(when, deed, () -> {});
  }

  /**
   * Does it, again and again until it is done, also when its process is stopped meanwhile.
   *
   * @param then what is done when it is
   */
  private void at(Duration when, Supplier<Optional<?>> deed, Runnable then) {
    undone++;
    world.timeline().after(when, () -> attempt(deed, then));
  }

  private void attempt(Supplier<Optional<?>> deed, Runnable then) {
    Promise<Boolean> done = new Promise<>();
    world
        .timeline()
        .start(
            "operator",
            () -> {
              try {
                var _ = deed.get();
                done.keep(true);
              } catch (SdkException | IllegalStateException _) {
                // It is tried again.
              }
            },
            () -> {
              if (done.value().isPresent()) {
                then.run();
                undone--;
              } else {
                world
                    .timeline()
                    .after(
                        chance.between(Duration.ofSeconds(1), Duration.ofSeconds(30)),
                        () -> attempt(deed, then));
              }
            });
  }

  boolean isDone() {
    return undone == 0;
  }
}
