package dev.outpost.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outpost.tenant.TenantId;
import dev.outpost.webhook.Deliveries;
import dev.outpost.webhook.DeliveriesContract;
import dev.outpost.webhook.Delivery;
import dev.outpost.webhook.Outcome;
import dev.outpost.webhook.Samples;
import dev.outpost.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

class DynamoDeliveriesIT extends DeliveriesContract {
  private DynamoDbLocal dynamo;
  private Deliveries deliveries;

  @BeforeAll
  void start() {
    dynamo = DynamoDbLocal.start();
    DynamoTables.create(dynamo.client(), "test");
    deliveries = new DynamoDeliveries(dynamo.client(), "test");
  }

  @AfterAll
  void stop() {
    dynamo.close();
  }

  @Override
  protected Deliveries deliveries() {
    return deliveries;
  }

  private static Delivery fresh() {
    return Samples.delivery(TenantId.random(), Samples.webhookId(), Samples.T0);
  }

  @Test
  void oneWhoseAnswerWasLostIsTheOneThatIsKept() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    Delivery delivery = fresh();
    unruly.sendAgain();
    assertThat(new DynamoDeliveries(unruly, "test").add(delivery)).isEqualTo(delivery);
    assertThat(deliveries.find(delivery.key())).contains(delivery);
  }

  @Test
  void aNextAttemptWhoseAnswerWasLostMayBeSaidToBeAnothers() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    Delivery delivery = deliveries.add(fresh());
    Delivery next = delivery.next(Samples.T0.plusSeconds(120));
    unruly.sendAgain();
    assertThat(new DynamoDeliveries(unruly, "test").replace(delivery, next)).isFalse();
    assertThat(deliveries.find(delivery.key())).contains(next);
  }

  @Test
  void throttledWritesAreWaitedFor() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    Deliveries onABadDay = new DynamoDeliveries(unruly, "test");
    var slower = ProvisionedThroughputExceededException.builder().message("slower").build();
    Delivery delivery = fresh();
    unruly.refuse(3, slower);
    onABadDay.add(delivery);
    Delivery taken = delivery.after(new Outcome.Answered(200), Samples.T0);
    unruly.refuse(3, slower);
    assertThat(onABadDay.replace(delivery, taken)).isTrue();
    assertThat(deliveries.find(delivery.key())).contains(taken);
  }

  /** What one change costs for each webhook that is told of it: see RATIONALE.md. */
  @Test
  void oneThatIsTakenAtOnceIsTwoWritesAndOneRead() {
    UnrulyDynamoDb unruly = new UnrulyDynamoDb(dynamo.client());
    Deliveries counted = new DynamoDeliveries(unruly, "test");
    Delivery delivery = counted.add(fresh());
    Delivery found = counted.find(delivery.key()).orElseThrow();
    counted.replace(found, found.after(new Outcome.Answered(200), Samples.T0));
    List<UnrulyDynamoDb.Call> calls = unruly.calls();
    assertThat(calls)
        .extracting(UnrulyDynamoDb.Call::operation)
        .containsExactly("PutItem", "GetItem", "PutItem");
    assertThat(calls).extracting(UnrulyDynamoDb.Call::units).containsExactly(2.0, 1.0, 2.0);
  }

  @Test
  void aListLongerThanOneAnswerIsWhole() {
    TenantId tenant = TenantId.random();
    WebhookId webhook = Samples.webhookId();
    Outcome wordy = new Outcome.Unanswered("why ".repeat(25_000));
    for (int second = 0; second < 15; second++) {
      // Fifteen of 100 KB: DynamoDB answers a query with no more than 1 MB.
      Delivery delivery =
          deliveries.add(Samples.delivery(tenant, webhook, Samples.T0.plusSeconds(second)));
      deliveries.replace(delivery, delivery.after(wordy, Samples.T0));
    }
    assertThat(deliveries.list(tenant, webhook, Optional.empty(), 15)).hasSize(15);
    assertThat(deliveries.list(tenant, webhook, Optional.empty(), 14)).hasSize(14);
    assertThat(deliveries.list(tenant, webhook, Optional.empty(), 99)).hasSize(15);
  }
}
