package dev.outpost.functions.api;

import dev.outpost.Ulids;
import dev.outpost.dispatch.Status;
import dev.outpost.edge.ErrorCode;
import dev.outpost.edge.Refused;
import dev.outpost.edge.WireTime;
import dev.outpost.functions.api.request.WebhookRequest;
import dev.outpost.functions.api.request.WebhookRules;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.SigningSecrets;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import dev.outpost.webhook.Webhooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * {@code /webhooks}: where a tenant wants to be told. A secret is shown when it is made and never
 * again. Safe for use by many threads.
 */
final class WebhookEndpoints {
  private final Webhooks webhooks;
  private final WebhookRules rules;
  private final Supplier<SigningSecrets> signing;
  private final Ulids ids;
  private final InstantSource clock;

  WebhookEndpoints(
      Webhooks webhooks,
      WebhookRules rules,
      Supplier<SigningSecrets> signing,
      Ulids ids,
      InstantSource clock) {
    this.webhooks = Objects.requireNonNull(webhooks, "webhooks");
    this.rules = Objects.requireNonNull(rules, "rules");
    this.signing = Objects.requireNonNull(signing, "signing");
    this.ids = Objects.requireNonNull(ids, "ids");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** {@code POST /webhooks}. */
  Answer create(Call call) throws Refused {
    new Query(call.request()).done();
    WebhookRequest wanted = rules.read(JsonBody.of(call.request()));
    Webhook made =
        Webhook.of(
            WebhookId.next(ids), tenant(call), wanted.url(), wanted.statuses(), clock.instant());
    // Before it is kept: one whose secret nobody was told would be of no use.
    String secret = signing.get().of(made.id(), made.generation());
    List<Webhook> all = webhooks.change(tenant(call), there -> with(there, made));
    if (find(all, made.id()).isEmpty()) {
      throw new Refused(
          ErrorCode.CONFLICT,
          "There are "
              + Webhooks.MAX
              + " webhooks already, as many as a tenant may have; delete one that is not needed.");
    }
    Map<String, Object> data = new LinkedHashMap<>(shown(made));
    data.put("secret", secret);
    return new Answer(201, data, Map.of("Location", "/webhooks/" + made.id().value()));
  }

  /** {@code GET /webhooks}. */
  Answer list(Call call) throws Refused {
    new Query(call.request()).done();
    return Answer.ok(
        Map.of(
            "webhooks", webhooks.of(tenant(call)).stream().map(WebhookEndpoints::shown).toList()));
  }

  /** {@code GET /webhooks/{id}}. */
  Answer read(Call call) throws Refused {
    new Query(call.request()).done();
    return Answer.ok(shown(call.webhook(webhooks)));
  }

  /** {@code DELETE /webhooks/{id}}. */
  Answer delete(Call call) throws Refused {
    new Query(call.request()).done();
    WebhookId id = call.webhook(webhooks).id();
    webhooks.change(
        tenant(call), there -> there.stream().filter(one -> !one.id().equals(id)).toList());
    return Answer.ok(Map.of("webhookId", id.value(), "deleted", true));
  }

  /**
   * {@code POST /webhooks/{id}/rotate}. Of two that are asked at once, both get the same secret: it
   * is the one after that which was seen.
   */
  Answer rotate(Call call) throws Refused {
    new Query(call.request()).done();
    JsonBody.none(call.request());
    Webhook before = call.webhook(webhooks);
    SigningSecrets secrets = signing.get();
    Instant now = clock.instant();
    Webhook after = changed(before, one -> one.rotated(before.generation() + 1, now));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("webhookId", after.id().value());
    data.put("secret", secrets.of(after.id(), after.generation()));
    data.put("previousUntil", WireTime.of(after.rotatedAt().orElse(now).plus(Webhook.OVERLAP)));
    return Answer.ok(data);
  }

  /** {@code POST /webhooks/{id}/enable}. */
  Answer enable(Call call) throws Refused {
    new Query(call.request()).done();
    JsonBody.none(call.request());
    return Answer.ok(shown(changed(call.webhook(webhooks), Webhook::enabledAgain)));
  }

  private Webhook changed(Webhook before, UnaryOperator<Webhook> change) throws Refused {
    return webhooks.change(before.tenantId(), before.id(), change).orElseThrow(Call::noSuchWebhook);
  }

  /** With that one as well, if there is room for it and it is not there already. */
  private static List<Webhook> with(List<Webhook> there, Webhook made) {
    return there.size() >= Webhooks.MAX || find(there, made.id()).isPresent()
        ? there
        : Stream.concat(there.stream(), Stream.of(made)).toList();
  }

  private static Optional<Webhook> find(List<Webhook> all, WebhookId id) {
    return all.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  private static TenantId tenant(Call call) {
    return call.principal().tenantId();
  }

  private static Map<String, Object> shown(Webhook webhook) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("webhookId", webhook.id().value());
    shown.put("url", webhook.url().toString());
    shown.put("statuses", webhook.statuses().stream().sorted().map(Status::wire).toList());
    shown.put("enabled", webhook.enabled());
    shown.put("disabledAt", webhook.disabledAt().map(WireTime::of).orElse(null));
    shown.put("createdAt", WireTime.of(webhook.createdAt()));
    return shown;
  }
}
