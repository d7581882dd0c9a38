package dev.outpost.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outpost.dispatch.Status;
import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.WebhookId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WebhooksItemTest {
  private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456789Z");

  private final TenantId tenant = TenantId.random();
  private final Webhook bare =
      Webhook.of(
          new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FG"),
          tenant,
          URI.create("https://example.com/hook?a=b&c=%20#d"),
          Set.of(Status.SUCCESS),
          AT);
  private final Webhook full =
      new Webhook(
          new WebhookId("whk_01KANWJ0M8Q2Z5Y7X3C9D4E6FH"),
          tenant,
          URI.create("http://127.0.0.1:8080"),
          Set.of(Status.values()),
          3,
          Optional.of(AT.plusSeconds(1)),
          Optional.of(AT.plusSeconds(2)),
          AT);

  @Test
  void webhooksComeBackEqual() {
    WebhooksItem none = WebhooksItem.none(tenant);
    WebhooksItem some = none.next(List.of(bare, full));
    assertThat(some.version()).isEqualTo(1);
    assertThat(WebhooksItem.fromItem(some.toItem())).isEqualTo(some);
    WebhooksItem emptied = some.next(List.of());
    assertThat(emptied.version()).isEqualTo(2);
    assertThat(WebhooksItem.fromItem(emptied.toItem())).isEqualTo(emptied);
  }

  @Test
  void theOldestComesFirst() {
    assertThat(new WebhooksItem(tenant, 1, List.of(full, bare)).webhooks())
        .containsExactly(bare, full);
  }

  @Test
  void nothingOfASecretIsInIt() {
    Map<?, ?> webhook =
        (Map<?, ?>)
            ((List<?>) new WebhooksItem(tenant, 1, List.of(full)).toItem().get("webhooks"))
                .getFirst();
    assertThat(webhook.keySet())
        .isEqualTo(
            Set.of(
                "webhook_id",
                "url",
                "statuses",
                "generation",
                "rotated_at",
                "disabled_at",
                "created_at"));
  }

  @Test
  void aStatusThatIsNoneIsNamed() {
    assertThatThrownBy(
            () ->
                WebhooksItem.fromItem(
                    Map.of(
                        "tenant_id",
                        tenant.value(),
                        "version",
                        1L,
                        "webhooks",
                        List.of(
                            Map.of(
                                "webhook_id",
                                "whk_1",
                                "url",
                                "https://example.com",
                                "statuses",
                                List.of("done"))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("done");
  }
}
