package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Samples;
import dev.outpost.webhook.Webhook;
import dev.outpost.webhook.Webhooks;
import dev.outpost.webhook.WebhooksContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

class DynamoWebhooksIT extends WebhooksContract {
  private DynamoDbLocal dynamo;
  private Webhooks webhooks;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    webhooks = new DynamoWebhooks(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected Webhooks webhooks() {
    return webhooks;
  }

  @Test
  void aChangeWhoseAnswerWasLostIsAskedAgainForWhatIsThere() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    Webhooks onABadDay = new DynamoWebhooks(unruly, "test");
    TenantId tenant = TenantId.random();
    for (int i = 0; i < 2; i++) {
      Webhook webhook = Samples.webhook(tenant, Samples.T0);
      List<List<Webhook>> asked = new ArrayList<>();
      List<Webhook> before = webhooks.of(tenant);
      unruly.sendAgain();
      List<Webhook> after =
          onABadDay.change(
              tenant,
              there -> {
                asked.add(there);
                return adding(webhook).apply(there);
              });
      assertThat(asked).containsExactly(before, after);
      assertThat(webhooks.of(tenant)).isEqualTo(after).hasSize(i + 1);
    }
  }

  @Test
  void aThrottledChangeIsWaitedFor() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    TenantId tenant = TenantId.random();
    Webhook webhook = Samples.webhook(tenant, Samples.T0);
    unruly.refuse(3, ProvisionedThroughputExceededException.builder().message("slower").build());
    assertThat(new DynamoWebhooks(unruly, "test").change(tenant, adding(webhook)))
        .containsExactly(webhook);
    assertThat(webhooks.of(tenant)).containsExactly(webhook);
  }
}
